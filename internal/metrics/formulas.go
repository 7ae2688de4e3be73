package metrics

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// The least numbers of values for which a figure is given. Below smallestForInterval no interval between two order statistics
// covers the median with 95% (1 - 2/2^5 = 93.75%); below smallestForP90 the 90th percentile is little more than the maximum.
const (
	smallestForInterval = 6
	smallestForP90      = 10
)

// z95 is the 97.5% quantile of the standard normal distribution.
const z95 = 1.959963984540054

// quantile is the p-quantile of ascending values, which must not be empty: linear interpolation between the order statistics
// around 1 + (n-1)p.
//
// Source: type 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50
// (1996), 361-365. It is the default of R, NumPy and spreadsheets' PERCENTILE.INC; for p = 1/2 it is the usual median.
func quantile(sorted []float64, p float64) float64 {
	at := float64(len(sorted)-1) * p
	below := math.Floor(at)
	i := int(below)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-below)*(sorted[i+1]-sorted[i])
}

// medianInterval covers the median of the distribution that ascending values come from with a confidence of at least 95%,
// whatever its shape: the k-th smallest to the k-th largest value, with the greatest k for which P(B <= k-1) <= 2.5% where B
// is Binomial(n, 1/2). nil below 6 values, where no such k exists. Ties only raise the coverage.
//
// Source: H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed. (2003), section 7.1; W. J. Conover, "Practical
// Nonparametric Statistics", 3rd ed. (1999), section 3.2.
func medianInterval(sorted []float64) *[2]float64 {
	n := len(sorted)
	if n < smallestForInterval {
		return nil
	}
	half := distuv.Binomial{N: float64(n), P: 0.5}
	k := sort.Search(n/2, func(k int) bool { return half.CDF(float64(k)) > 0.025 })
	return &[2]float64{sorted[k-1], sorted[n-k]}
}

// wilson is the 95% score interval of a share of met in of, both ends in [0, 1]; nil where of is 0.
//
// Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
// Statistical Association 22 (1927), 209-212; recommended for small samples by L. D. Brown, T. T. Cai and A. DasGupta,
// "Interval Estimation for a Binomial Proportion", Statistical Science 16 (2001), 101-133.
func wilson(met, of int) *[2]float64 {
	if of == 0 {
		return nil
	}
	n, share := float64(of), float64(met)/float64(of)
	centre := (share + z95*z95/(2*n)) / (1 + z95*z95/n)
	half := z95 / (1 + z95*z95/n) * math.Sqrt(share*(1-share)/n+z95*z95/(4*n*n))
	lo, hi := max(0, centre-half), min(1, centre+half)
	if met == 0 {
		lo = 0 // exact; the subtraction leaves about 1e-17
	}
	if met == of {
		hi = 1
	}
	return &[2]float64{lo, hi}
}
