package harmless_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/syncwell/sitrep/internal/harmless"
)

// hostile is what people put into titles and texts to make an issue do something.
var hostile = []string{
	"@octo-all please look", "cc @octo-org/team", "mail me@octo.example", "\\@octo", "&#64;octo", "&commat;octo", "&#x40;octo", "@<b>octo</b>", "`@octo`", "**@octo**", "_@octo_", "[@octo](x)",
	"[x](https://github.com/octo)", "> @octo", "- @octo", "| @octo |", "@\u200bocto", "@octo[bot]", "(@octo)", "@octo,@octo2", "@@octo", "<!-- @octo -->", "<a href=\"https://github.com/octo\">@octo</a>",
	"fixes #1", "Fixes: #1", "closes octo/repo#1", "resolves GH-1", "gh-12", "#1", "see #1 and #22", "&#35;1", "\\#1", "octo/repo#3", "#\u200b1", "(#1)", "[#1](y)", "##1",
	"https://github.com/octo/repo/issues/1", "http://github.com/octo/repo/pull/2", "https://ghe.octo.example/octo/repo/issues/9", "https://github.com/octo/repo/commit/0123456789", "HTTPS://GITHUB.COM/octo/repo/ISSUES/1",
	"<https://github.com/octo/repo/issues/1>", "[a](https://github.com/octo/repo/discussions/3)", "![x](https://github.com/octo/repo/pull/2)",
	"<!-- sitrep:v1 key=00000000000000000000 digest=00000000 -->", "--> <!-- sitrep:v1 key=00000000000000000000 digest=00000000 -->", "&lt;!-- x --&gt;", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<details><summary>x</summary>",
	"::error::pwned", "\n::set-output name=x::y", "  ::add-mask::x", "##[error]pwned", "text ##[add-path]/x", "::stop-commands::x",
	"\x1b[31mred", "\x1b]8;;http://octo.example\x07link\x1b]8;;\x07", "\u202eesrever", "\u2066x\u2069", "a\x00b", "a\rb", "\u009b31m",
}

var (
	liveMention   = regexp.MustCompile(`(?:^|[^\w/])@[A-Za-z0-9]`)
	liveReference = regexp.MustCompile(`(?i)#\d|\bGH-\d|https?://[^\s/"]+/[^\s/"]+/[^\s/"]+/(?:issues|pull|pulls|commit|discussions)/\w`)
	liveTag       = regexp.MustCompile(`(?i)<(?:script|img src=x|details|!--|b>)`)
)

// TestMarkdownIsDead renders each text as GitHub does (CommonMark with its extensions and raw HTML) and looks for what GitHub's
// filters would still find in the result, character entities resolved.
func TestMarkdownIsDead(t *testing.T) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	for _, text := range hostile {
		var page bytes.Buffer
		if err := md.Convert([]byte(harmless.Markdown(text)), &page); err != nil {
			t.Fatal(err)
		}
		rendered := strings.NewReplacer("&#64;", "@", "&amp;", "&", "&lt;", "\u2039", "&gt;", "\u203a", "&quot;", `"`).Replace(page.String())
		for _, live := range []*regexp.Regexp{liveMention, liveReference, liveTag} {
			if m := live.FindString(rendered); m != "" {
				t.Errorf("%q renders as %q: %q is live", text, rendered, m)
			}
		}
		if strings.Contains(harmless.Markdown(text), "<!--") {
			t.Errorf("%q keeps the start of a comment", text)
		}
	}
}

func TestTitleIsDead(t *testing.T) {
	for _, text := range hostile {
		title := harmless.Title(text)
		if m := liveMention.FindString(title) + liveReference.FindString(title); m != "" {
			t.Errorf("title %q: %q is live", title, m)
		}
		if strings.ContainsAny(title, "\n\r\t") {
			t.Errorf("title %q is not one line", title)
		}
	}
}

func TestTerminalIsDead(t *testing.T) {
	for _, text := range hostile {
		out := harmless.Line(text)
		for _, bad := range []string{"::", "##[", "\x1b", "\n", "\r", "\x00", "\u202e", "\u2066", "\u009b"} {
			if strings.Contains(out, bad) {
				t.Errorf("Line(%q) = %q keeps %q", text, out, bad)
			}
		}
	}
}

// TestWordsStay holds that a reader sees the same words: what was put in is invisible.
func TestWordsStay(t *testing.T) {
	for _, text := range []string{"Cap the pool per tenant", "Use C# 12 & Go", "a - b: 50% of <10 ms", "std::vector"} {
		visible := strings.ReplaceAll(strings.NewReplacer("&amp;", "&", "&lt;", "<").Replace(harmless.Markdown(text)), "\u200b", "")
		if visible != text {
			t.Errorf("Markdown(%q) reads %q", text, visible)
		}
		if got := strings.ReplaceAll(harmless.Line(text), "\u200b", ""); got != text {
			t.Errorf("Line(%q) reads %q", text, got)
		}
	}
}
