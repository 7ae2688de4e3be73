// Package harmless owns making text from records safe to print elsewhere: on a terminal, in a log that a workflow runner reads,
// in Markdown that GitHub renders. Who writes a record cannot mention anybody, close anything, forge a marker, start a
// workflow command or repaint a screen through it.
//
// It refuses to shorten or reword: a reader sees the same words. Breaks are zero-width spaces (U+200B), which rendering hides.
package harmless

import (
	"regexp"
	"strings"
	"unicode"
)

// breakMark separates characters that mean something only together.
const breakMark = "\u200b"

// Terminal makes a text safe for a terminal and for a log: control characters (escape sequences with them) and bidirectional
// controls become U+FFFD, and what the runner of GitHub Actions could take for a command is broken up: "::", which counts at the
// start of a line, and "##[", which counts anywhere.
func Terminal(text string) string {
	text = printable(text)
	if strings.Contains(text, "##[") || strings.Contains(text, "::") {
		text = commands.Replace(text)
	}
	return text
}

var commands = strings.NewReplacer("##[", "##"+breakMark+"[", "::", ":"+breakMark+":")

// printable replaces control characters; line feeds and tabs stay.
func printable(text string) string {
	if strings.IndexFunc(text, unprintable) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unprintable(r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

// Line is Terminal for a text that must stay on one line.
func Line(text string) string {
	if strings.ContainsAny(text, "\n\t") {
		text = strings.NewReplacer("\n", "\uFFFD", "\t", " ").Replace(text)
	}
	return Terminal(text)
}

func unprintable(r rune) bool {
	return r != '\t' && r != '\n' && unicode.IsControl(r) || bidi(r)
}

func bidi(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

var (
	reference   = regexp.MustCompile(`#(\d)`)
	ghReference = regexp.MustCompile(`(?i)\b(GH)-(\d)`)
	// issueURL is how GitHub recognises links to issues, pull requests, commits, discussions and comments of any host that could be
	// its own: it makes references of them.
	issueURL = regexp.MustCompile(`(?i)(https?:/)(/[^\s/()<>]+/[^\s/()<>]+/[^\s/()<>]+/(?:issues|pull|pulls|commit|discussions)/)`)
)

// Markdown makes a text safe in an issue: no mention, no reference to an issue, pull request or commit, no HTML, no comment, no
// character entity that would turn into one of these. Its own formatting stays.
func Markdown(text string) string {
	return references(strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(printable(text)))
}

// Title makes a text safe as an issue's title, which is plain text: one line, no mention, no reference.
func Title(text string) string {
	return references(printable(strings.Join(strings.Fields(text), " ")))
}

// references breaks up whatever GitHub makes a mention or a reference of.
func references(text string) string {
	text = strings.ReplaceAll(text, "@", "@"+breakMark)
	text = reference.ReplaceAllString(text, "#"+breakMark+"$1")
	text = ghReference.ReplaceAllString(text, "$1"+breakMark+"-$2")
	return issueURL.ReplaceAllString(text, "$1"+breakMark+"$2")
}
