package similar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"github.com/syncwell/sitrep/internal/similar"
)

var past = []similar.Document{
	{ID: "2025-01-01-pool", Title: "API requests fail", Text: "The connection pool of the database was exhausted. api"},
	{ID: "2025-02-01-dns", Title: "Names do not resolve", Text: "A DNS record was removed. dns"},
	{ID: "2025-03-01-cert", Title: "Certificate expires", Text: "Nobody renewed the certificate of the API. web"},
	{ID: "2025-04-01-pool", Title: "Connection pool exhausted again", Text: "Connections ran out. api"},
}

func ids(list []similar.Match) (out []string) {
	for _, m := range list {
		out = append(out, m.ID)
	}
	return out
}

func TestRank(t *testing.T) {
	for query, want := range map[string][]string{
		"connection pools exhausted":   {"2025-04-01-pool", "2025-01-01-pool"},
		"cértificate":                  {"2025-03-01-cert"},
		"the incident of the outage":   nil,
		"":                             nil,
		"DNS":                          {"2025-02-01-dns"},
		"API request and the database": {"2025-01-01-pool", "2025-03-01-cert", "2025-04-01-pool"},
	} {
		if got := ids(similar.Rank(query, past, 3)); !slices.Equal(got, want) {
			t.Errorf("%q gives %v, want %v", query, got, want)
		}
	}
	if got := similar.Rank("api", nil, 3); len(got) != 0 {
		t.Errorf("nothing to look through gives %v", got)
	}
}

// The order of the documents changes nothing, and no text is like another without sharing a word.
func TestRankDependsOnTheTextsOnly(t *testing.T) {
	holds := func(query string, turn uint8) bool {
		turned := slices.Concat(past[int(turn)%len(past):], past[:int(turn)%len(past)])
		return fmt.Sprint(similar.Rank(query, past, 4)) == fmt.Sprint(similar.Rank(query, turned, 4))
	}
	for _, q := range []string{"api", "pool certificate dns", strings.Repeat("api ", 50)} {
		if !holds(q, 2) {
			t.Errorf("%q: the order of the documents counts", q)
		}
	}
	if err := quick.Check(holds, nil); err != nil {
		t.Error(err)
	}
}
