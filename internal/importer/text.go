package importer

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// tidy makes text that a record may hold: valid UTF-8 without control and bidirectional characters. Line feeds and tabs stay.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\uFEFF', unicode.IsControl(r), r&0xFFFE == 0xFFFE:
			return -1
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return '\uFFFD'
		}
		return r
	}, s)
}

// oneLine is a text with all white space runs made one blank.
func oneLine(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }

// cut shortens a text to n code points.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n-3]), " ") + "..."
}

var plainYAML = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*$`)

// yamlText writes a scalar: plain where no YAML reader could take it for anything else, else in double quotes, whose escapes are
// those of JSON.
func yamlText(s string) string {
	if plainYAML.MatchString(s) {
		switch strings.ToLower(s) {
		case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		default:
			return s
		}
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string builder and a string cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

func yamlList(texts []string) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = yamlText(t)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// maxID is how many characters an id has at most.
const maxID = 60

// slug makes the words of an id: ASCII letters and digits in lower case, accents taken off, everything else one hyphen.
func slug(s string, most int) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		case unicode.Is(unicode.Mn, r), r == '\'', r == '\u2019':
			continue
		default:
			r = '-'
		}
		if r != '-' || b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteRune(r)
		}
	}
	out := strings.Trim(b.String(), "-")
	if len(out) > most {
		out = out[:most]
		if i := strings.LastIndexByte(out, '-'); i > most/2 {
			out = out[:i]
		}
	}
	return strings.Trim(out, "-")
}

// serviceID makes a service's id out of its name: lower case, blanks and punctuation made hyphens; dots and slashes stay.
func serviceID(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFC.String(name)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r), r == '.', r == '/', r == '_':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-./_")
}
