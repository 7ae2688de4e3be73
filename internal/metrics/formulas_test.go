package metrics

import (
	"math"
	"math/big"
	"testing"
)

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// Expected values: Python's statistics.quantiles(method="inclusive"), the same as R's quantile(type = 7).
func TestQuantile(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		p      float64
		want   float64
	}{
		{[]float64{5}, 0.5, 5},
		{[]float64{5}, 0.9, 5},
		{[]float64{3, 7}, 0.5, 5},
		{[]float64{3, 7}, 0.9, 6.6},
		{[]float64{1, 2, 3, 4}, 0.5, 2.5},
		{[]float64{1, 2, 3, 4}, 0.9, 3.7},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0.9, 9.1},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 0.9, 10},
		{[]float64{4, 4, 4, 9, 100, 101}, 0.5, 6.5},
		{[]float64{4, 4, 4, 9, 100, 101}, 0.9, 100.5},
		{[]float64{1, 2, 3}, 0, 1},
		{[]float64{1, 2, 3}, 1, 3},
	} {
		if got := quantile(tt.values, tt.p); !near(got, tt.want, 1e-9) {
			t.Errorf("quantile(%v, %v) = %v, want %v", tt.values, tt.p, got, tt.want)
		}
	}
}

// ranks 1 to n, so that an interval names the order statistics it is made of.
func ranks(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i + 1)
	}
	return out
}

// The ranks of Conover's and other published tables (coverage 96.9% at n = 6, 97.9% at 10, 95.9% at 20).
func TestMedianInterval(t *testing.T) {
	for n, want := range map[int][2]float64{
		6: {1, 6}, 8: {1, 8}, 9: {2, 8}, 10: {2, 9}, 12: {3, 10}, 17: {5, 13}, 20: {6, 15}, 25: {8, 18}, 30: {10, 21}, 50: {18, 33},
		100: {40, 61}, 1000: {469, 532},
	} {
		if got := medianInterval(ranks(n)); got == nil || *got != want {
			t.Errorf("n = %d: interval of ranks %v, want %v", n, got, want)
		}
	}
	for n := range smallestForInterval {
		if got := medianInterval(ranks(n)); got != nil {
			t.Errorf("n = %d: interval %v, want none: no pair of order statistics covers 95%%", n, *got)
		}
	}
	if got := medianInterval([]float64{7, 7, 7, 7, 7, 7}); *got != [2]float64{7, 7} {
		t.Errorf("interval of equal values = %v, want 7 to 7", *got)
	}
}

// TestMedianIntervalIsExact counts coin tosses in whole numbers: the interval must cover at least 95% and the next narrower one
// less.
func TestMedianIntervalIsExact(t *testing.T) {
	for n := smallestForInterval; n <= 400; n++ {
		got := medianInterval(ranks(n))
		k := int64(got[0])
		if got[1] != float64(n)-got[0]+1 {
			t.Fatalf("n = %d: ranks %v are not symmetric", n, *got)
		}
		if !tailWithin(int64(n), k-1) {
			t.Errorf("n = %d: ranks %v cover less than 95%%", n, *got)
		}
		if tailWithin(int64(n), k) {
			t.Errorf("n = %d: ranks %v are wider than 95%% asks for", n, *got)
		}
	}
}

// tailWithin tells whether at most k heads in n tosses have a probability of at most 1/40.
func tailWithin(n, k int64) bool {
	sum := new(big.Int)
	for i := range k + 1 {
		sum.Add(sum, new(big.Int).Binomial(n, i))
	}
	all := new(big.Int).Lsh(big.NewInt(1), uint(n))
	return sum.Mul(sum, big.NewInt(40)).Cmp(all) <= 0
}

// Expected values: the score equation |met/of - p| = z sqrt(p(1-p)/of) solved for p by bisection, apart from this code.
func TestWilson(t *testing.T) {
	for _, tt := range []struct {
		met, of int
		lo, hi  float64
	}{
		{8, 10, 0.4901624715, 0.9433178485},
		{0, 1, 0, 0.7934506857},
		{1, 1, 0.2065493144, 1},
		{0, 10, 0, 0.2775327999},
		{10, 10, 0.7224672001, 1},
		{1, 3, 0.0614919447, 0.7923403992},
		{7, 12, 0.3195113125, 0.8067396863},
		{15, 20, 0.5312991224, 0.8881382986},
		{50, 100, 0.4038315304, 0.5961684696},
	} {
		got := wilson(tt.met, tt.of)
		if !near(got[0], tt.lo, 1e-9) || !near(got[1], tt.hi, 1e-9) {
			t.Errorf("wilson(%d, %d) = %v, want %v to %v", tt.met, tt.of, *got, tt.lo, tt.hi)
		}
	}
	for _, of := range []int{1, 3, 7, 100, 12345} {
		if got := wilson(0, of)[0]; got != 0 {
			t.Errorf("wilson(0, %d) begins at %v, want exactly 0", of, got)
		}
		if got := wilson(of, of)[1]; got != 1 {
			t.Errorf("wilson(%d, %d) ends at %v, want exactly 1", of, of, got)
		}
	}
	if got := wilson(0, 0); got != nil {
		t.Errorf("wilson(0, 0) = %v, want none", *got)
	}
}

func TestTotalOutlastsDuration(t *testing.T) {
	var sum total
	for range 3 {
		sum.add(math.MaxInt64)
	}
	if got, want := sum.asMinutes(), 3*float64(math.MaxInt64)/60e9; !near(got/want, 1, 1e-12) {
		t.Errorf("three times the longest duration = %v min, want %v", got, want)
	}
}
