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
// controls become U+FFFD, and what the workflow runner of GitHub Actions takes for a command is broken up: "::" at the start of
// a line and "##[" anywhere.
func Terminal(text string) string {
	if strings.IndexFunc(text, unprintable) >= 0 {
		text = strings.Map(func(r rune) rune {
			if unprintable(r) {
				return '\uFFFD'
			}
			return r
		}, text)
	}
	if strings.Contains(text, "##[") {
		text = strings.ReplaceAll(text, "##[", "##"+breakMark+"[")
	}
	if strings.Contains(text, "::") {
		text = lineCommand.ReplaceAllString(text, "${1}:"+breakMark+":")
	}
	return text
}

var lineCommand = regexp.MustCompile(`(?m)^(\s*)::`)

func unprintable(r rune) bool {
	return r != '\t' && r != '\n' && unicode.IsControl(r) || bidi(r)
}

func bidi(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

var (
	mention     = regexp.MustCompile(`@`)
	reference   = regexp.MustCompile(`#(\d|\x{200b})`)
	ghReference = regexp.MustCompile(`(?i)\b(GH)-(\d)`)
	// issueURL is how GitHub recognises links to issues, pull requests, commits, discussions and comments of any host that could be
	// its own: it makes references of them.
	issueURL = regexp.MustCompile(`(?i)(https?:/)(/[^\s/()<>]+/[^\s/()<>]+/[^\s/()<>]+/(?:issues|pull|pulls|commit|discussions)/)`)
)

// Markdown makes a text safe in an issue: no mention, no reference to an issue, pull request or commit, no HTML, no comment, no
// character entity that would turn into one of these. Its own formatting stays.
func Markdown(text string) string {
	text = strings.Map(func(r rune) rune {
		if unprintable(r) {
			return '\uFFFD'
		}
		return r
	}, text)
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(text)
	text = mention.ReplaceAllString(text, "@"+breakMark)
	text = reference.ReplaceAllString(text, "#"+breakMark+"$1")
	text = ghReference.ReplaceAllString(text, "$1"+breakMark+"-$2")
	text = issueURL.ReplaceAllString(text, "$1"+breakMark+"$2")
	return Terminal(text)
}

// Title makes a text safe as an issue's title, which is plain text: one line, no mention, no reference.
func Title(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	text = mention.ReplaceAllString(text, "@"+breakMark)
	text = reference.ReplaceAllString(text, "#"+breakMark+"$1")
	text = ghReference.ReplaceAllString(text, "$1"+breakMark+"-$2")
	text = issueURL.ReplaceAllString(text, "$1"+breakMark+"$2")
	return Terminal(text)
}
