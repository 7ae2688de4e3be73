// Package similar owns finding the texts that are most like one at hand, offline: words in, a ranked list out.
//
// It refuses to know what the texts are about, and to guess: a text that shares no word is not in the list.
package similar

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Document is a text that may be like another. Words in Title count TitleWeight times.
type Document struct {
	ID    string
	Title string
	Text  string
}

// TitleWeight is how often a word of a title counts.
const TitleWeight = 3

// Match is a document that shares words with the query; Score is its BM25 score, above 0.
type Match struct {
	ID    string
	Score float64
}

// The usual constants of BM25: how soon a repeated word stops to count, and how much longer texts are held back. Robertson and
// Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5.
const (
	k1 = 1.2
	b  = 0.75
)

// Rank gives the n documents most like the query, best first; those with the same score stand by id, the last first.
func Rank(query string, documents []Document, n int) []Match {
	terms := unique(Words(query))
	counts := make([]map[string]int, len(documents))
	lengths := make([]float64, len(documents))
	holds := map[string]int{} // in how many documents a term stands
	total := 0.0
	for i, d := range documents {
		counts[i], lengths[i] = count(d, terms)
		total += lengths[i]
		for t := range counts[i] {
			holds[t]++
		}
	}
	mean := total / float64(max(1, len(documents)))
	var out []Match
	for i, d := range documents {
		score := 0.0
		for _, t := range terms { // in the order of the query: the sum is the same on each run
			tf := float64(counts[i][t])
			if tf == 0 {
				continue
			}
			idf := math.Log(1 + (float64(len(documents)-holds[t])+0.5)/(float64(holds[t])+0.5))
			score += idf * tf * (k1 + 1) / (tf + k1*(1-b+b*lengths[i]/mean))
		}
		if score > 0 {
			out = append(out, Match{d.ID, score})
		}
	}
	slices.SortFunc(out, func(x, y Match) int { return cmp.Or(cmp.Compare(y.Score, x.Score), cmp.Compare(y.ID, x.ID)) })
	return out[:min(n, len(out))]
}

// count gives how often each term stands in a document, and how many words it has.
func count(d Document, terms []string) (map[string]int, float64) {
	counts := map[string]int{}
	add := func(words []string, weight int) float64 {
		for _, w := range words {
			if slices.Contains(terms, w) {
				counts[w] += weight
			}
		}
		return float64(weight * len(words))
	}
	return counts, add(Words(d.Title), TitleWeight) + add(Words(d.Text), 1)
}

func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// Words cuts a text into lower-case words without accents, plural endings and words that say nothing.
func Words(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if w = singular(w); len(w) > 1 && !idle[w] {
			out = append(out, w)
		}
	}
	return out
}

func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

// singular takes an s off the end, so that "requests" finds "request".
func singular(w string) string {
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") {
		return w[:len(w)-1]
	}
	return w
}

// idle words stand in every text.
var idle = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("a an and are as at be been but by can did do for from had ha have how if in into is it its of on or no not " +
		"our so than that the their then there these they this to under up wa was we were what when which while who why will with " +
		"incident outage issue problem sev utc minute hour") {
		out[w] = true
	}
	return out
}()
