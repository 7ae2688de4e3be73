package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/syncwell/sitrep/internal/calendar"
	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/export"
	"github.com/syncwell/sitrep/internal/incident"
)

func TestRowsFitColumns(t *testing.T) {
	for _, table := range export.Make(ownRecords(t), config.Default(), now).Tables {
		for i, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Fatalf("%s, row %d: %d values, want %d", table.Name, i+1, len(row), len(table.Columns))
			}
			for j, c := range table.Columns {
				if !fits(c.Type, row[j]) {
					t.Errorf("%s, row %d: %s is %T, want a %s", table.Name, i+1, c.Name, row[j], c.Type)
				}
			}
		}
	}
}

func fits(typ export.Type, v any) bool {
	switch v.(type) {
	case string:
		return typ == export.Text
	case []string:
		return typ == export.List
	case bool:
		return typ == export.Bool
	case time.Time:
		return typ == export.Time
	case calendar.Date:
		return typ == export.Date
	case int64:
		return typ == export.Int
	case float64:
		return typ == export.Number
	case nil:
		return typ != export.Text && typ != export.List && typ != export.Bool
	}
	return false
}

// TestColumnsAreDocumented holds docs/formats.md and the tables together: a row for every column, with its type.
func TestColumnsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range export.Make(incident.History{}, config.Default(), now).Tables {
		_, after, ok := strings.Cut(string(text), "### Table "+table.Name+"\n")
		if !ok {
			t.Errorf("docs/formats.md has no heading %q", "### Table "+table.Name)
			continue
		}
		section, _, _ := strings.Cut(after, "\n#")
		for _, c := range table.Columns {
			if row := "| `" + c.Name + "` | " + string(c.Type) + " | " + c.Doc; !strings.Contains(section, strings.TrimRight(row, " ")) {
				t.Errorf("docs/formats.md, table %s lacks: %s |", table.Name, row)
			}
		}
		if got := strings.Count(section, "\n| `"); got != len(table.Columns) {
			t.Errorf("docs/formats.md, table %s: %d columns, want %d", table.Name, got, len(table.Columns))
		}
	}
}

func TestCSVHasNoFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("=+-@\t\r\n'\"a1,; \uFF1D\u00E4"))).Draw(t, "text")
		h := incident.History{Incidents: []incident.Incident{{ID: "a", Title: text, Services: []string{text}}}}
		var b bytes.Buffer
		if err := export.Make(h, config.Default(), now).Tables[0].CSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n\uFF1D", []rune(cell)[0]) {
				t.Errorf("cell %q of %q", cell, text)
			}
		}
	})
}

// TestICSLines holds RFC 5545 whatever the texts: CRLF, at most 75 bytes a line, characters whole, and the text back when unfolded.
func TestICSLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		h := incident.History{Postmortems: []incident.Postmortem{{
			ID: "2025-01-02-a", Title: text, Meeting: now,
			Actions: []incident.ActionItem{{ID: "AI-1", Text: text, Due: calendar.Date{Year: 2025, Month: 2, Day: 28}, Status: incident.Open}},
		}}}
		var b bytes.Buffer
		if err := export.ICS(&b, h, now); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\r\n"), "\r\n")
		for _, l := range lines {
			if len(l) > 75 || strings.ContainsAny(l, "\r\n") || utf8.ValidString(text) && !utf8.ValidString(l) {
				t.Errorf("line %q of %d bytes", l, len(l))
			}
		}
		unfolded := strings.Split(strings.ReplaceAll(b.String(), "\r\n ", ""), "\r\n")
		if n := len(unfolded); unfolded[0] != "BEGIN:VCALENDAR" || unfolded[n-2] != "END:VCALENDAR" {
			t.Errorf("%q ... %q", unfolded[0], unfolded[n-2])
		}
		if !slices.Contains(unfolded, "DTEND;VALUE=DATE:20250301") || !slices.Contains(unfolded, "UID:action/2025-01-02-a/AI-1@sitrep") {
			t.Errorf("day or UID is missing: %q", unfolded)
		}
	})
}

func TestTextFormatsAreDeterministic(t *testing.T) {
	h := ownRecords(t)
	write := func() string {
		var b bytes.Buffer
		set := export.Make(h, config.Default(), now)
		for _, table := range set.Tables {
			for _, err := range []error{table.CSV(&b), table.NDJSON(&b)} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, err := range []error{set.JSON(&b, set.Tables...), export.ICS(&b, h, now)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	if first, second := write(), write(); first != second {
		t.Error("two exports of the same records differ")
	}
}

func TestEmptyHistory(t *testing.T) {
	set := export.Make(incident.History{}, config.Default(), now)
	var b bytes.Buffer
	if err := set.SQLite(context.Background(), &b); err != nil || b.Len() == 0 {
		t.Errorf("SQLite: %d bytes, %v", b.Len(), err)
	}
	for _, table := range set.Tables {
		if err := table.Parquet(&b); err != nil {
			t.Errorf("Parquet: %v", err)
		}
	}
}
