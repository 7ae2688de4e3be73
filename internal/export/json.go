package export

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

// JSON writes tables as one document, sitrep.export/v1: a list of objects under each table's name. Keys stand in the order of the
// columns; what a record does not say is null, a list is never null.
func (s Set) JSON(w io.Writer, tables ...Table) error {
	var b bytes.Buffer
	b.WriteString(`{"schema": "` + Schema + `", "downtime_ends": "` + string(s.DowntimeEnds) + `"`)
	for _, t := range tables {
		b.WriteString(`, "` + t.Name + `": [`)
		for i, row := range t.Rows {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := object(&b, t.Columns, row); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	return writeData(w, out.Bytes())
}

// NDJSON writes one object on each line.
func (t Table) NDJSON(w io.Writer) error {
	var b bytes.Buffer
	for _, row := range t.Rows {
		if err := object(&b, t.Columns, row); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	return writeData(w, b.Bytes())
}

// writeData writes JSON. The runner of GitHub Actions obeys ##[command] anywhere in a line of a log; the escape is the same string to
// a JSON reader.
func writeData(w io.Writer, data []byte) error {
	_, err := w.Write(bytes.ReplaceAll(data, []byte("##["), []byte(`#\u0023[`)))
	return err
}

func object(b *bytes.Buffer, columns []Column, row []any) error {
	b.WriteByte('{')
	for i, c := range columns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + c.Name + `":`)
		var v bytes.Buffer
		e := json.NewEncoder(&v)
		e.SetEscapeHTML(false)
		if err := e.Encode(plain(row[i])); err != nil {
			return err
		}
		b.Write(bytes.TrimRight(v.Bytes(), "\n"))
	}
	b.WriteByte('}')
	return nil
}

// plain is a value as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case calendar.Date:
		return v.String()
	case []string:
		if v == nil {
			return []string{}
		}
	}
	return v
}
