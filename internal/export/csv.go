package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/syncwell/sitrep/internal/calendar"
)

// CSV writes a table as RFC 4180 has it, with a header. Lists are joined with "; ".
func (t Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = c.Name
	}
	if err := out.Write(header); err != nil {
		return err
	}
	cells := make([]string, len(t.Columns))
	for _, row := range t.Rows {
		for i, v := range row {
			cells[i] = cell(v)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cell(v any) string {
	switch v := v.(type) {
	case string:
		return safe(v)
	case []string:
		return safe(strings.Join(v, "; "))
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case calendar.Date:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// safe keeps a spreadsheet from taking a text for a formula: what begins with = + - @, a tab, CR or LF gets an apostrophe in front,
// which spreadsheets show as text. See OWASP, CSV Injection.
func safe(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
