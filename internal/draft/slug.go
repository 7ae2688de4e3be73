package draft

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/syncwell/sitrep/internal/calendar"
)

// MaxID is the longest id of a new record, in characters: it becomes a channel name, and those end at 80.
const MaxID = 60

// ID makes the id of a record from its date and title; taken tells which ids there are. The same title on one day gets -2, -3, ...
func ID(date calendar.Date, title string, taken func(id string) bool) string {
	slug := Slug(title)
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf("-%d", n)
		}
		id := date.String() + "-" + shorten(slug, MaxID-len(date.String())-1-len(suffix)) + suffix
		if !taken(id) {
			return id
		}
	}
}

// letters are those that Unicode does not take apart into a Latin letter and a mark.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "ng", 'ŧ': "t",
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'и': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o",
	'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "",
	'э': "e", 'ю': "yu", 'я': "ya", 'і': "i", 'є': "ye", 'ґ': "g",
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x",
	'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}

// Slug is a title in lower-case Latin letters and digits with single hyphens; "record" where nothing of it can be written so.
func Slug(title string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(strings.ToLower(norm.NFC.String(title)))) {
		latin, known := letters[r]
		switch {
		case known:
			out.WriteString(latin)
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			out.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '\u2019':
			// accents go, and "can't" is one word
		default:
			out.WriteByte('-')
		}
	}
	words := strings.FieldsFunc(out.String(), func(r rune) bool { return r == '-' })
	if len(words) == 0 {
		return "record"
	}
	return strings.Join(words, "-")
}

// shorten cuts a slug at a word, where its first word is not too long itself.
func shorten(slug string, most int) string {
	if len(slug) <= most {
		return slug
	}
	cut := slug[:most]
	if i := strings.LastIndexByte(cut, '-'); i > 0 && slug[most] != '-' {
		cut = cut[:i]
	}
	return strings.Trim(cut, "-")
}
