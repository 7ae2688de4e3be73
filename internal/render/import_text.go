package render

import (
	"bufio"
	"fmt"
	"io"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/importer"
)

var outcomeColors = map[importer.Outcome]string{
	importer.Created: green, importer.Updated: cyan, importer.Unchanged: dim, importer.Kept: yellow, importer.RefusedRecord: red, importer.Skipped: dim,
}

var noteColors = map[importer.NoteKind]string{
	importer.Inferred: dim, importer.Dropped: yellow, importer.Contradiction: yellow, importer.Refused: red,
}

// ImportText writes what an import did, source by source, and closes with the counts. Sources that say nothing new are counted only,
// unless all are asked for.
func ImportText(w io.Writer, items []importer.Item, all bool, style Style) error {
	out := bufio.NewWriter(w)
	for i := range items {
		it := &items[i]
		if it.Outcome == importer.Unchanged && !all {
			continue
		}
		fmt.Fprintf(out, "%s  %s", style.paint(outcomeColors[it.Outcome], fmt.Sprintf("%-9s", it.Outcome)), harmless.Line(it.File))
		for j, f := range it.Files {
			sep := ", "
			if j == 0 {
				sep = " -> "
			}
			fmt.Fprintf(out, "%s%s", sep, harmless.Line(f.Path))
		}
		fmt.Fprintln(out)
		for _, n := range it.Notes {
			fmt.Fprintf(out, "  %s  %s\n", style.paint(noteColors[n.Kind], fmt.Sprintf("%-13s", n.Kind)), harmless.Line(n.Text))
		}
	}
	importCounts(out, items)
	return out.Flush()
}

func importCounts(w io.Writer, items []importer.Item) {
	fmt.Fprintf(w, "%s read:", plural(len(items), "source"))
	sep := " "
	for _, o := range importer.Outcomes {
		if n := importer.Count(items, o); n > 0 {
			fmt.Fprintf(w, "%s%d %s", sep, n, o)
			sep = ", "
		}
	}
	fmt.Fprintln(w, ".")
	if n := importer.CountCode(items, importer.CodeNegative); n > 0 {
		fmt.Fprintf(w, "Resolved before started: %d.\n", n)
	}
	if n := importer.CountCode(items, importer.CodeZero); n > 0 {
		fmt.Fprintf(w, "Of zero length: %d.\n", n)
	}
}
