package parse

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/config"
)

func rep(s string, n int) string { return strings.Repeat(s, n/len(s)+1)[:n] }

func lines(n int, f func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		b.WriteString(f(i))
	}
	return b.String()
}

var probes = map[string]func(n int) string{}

func init() {
	for _, s := range []string{"[", "]", "*", "_", "`", "<", "![", "&", "|", "\\", "a*", "a_", "*a ", "_a ", "**a ", "[a](", "[a][", "![a](", "[a]", "<a ", "<!--", "<?", "<![CDATA[", "<!A ", "</a", "&a", "&#1", "http://", "a@b.c ", "> ", ">", "- ", "1. ", "# ", "#", "=", "-", "~", "~~", "\t", " ", "\n", "-\n", "*\n", "- a\n", "1. a\n", "# a\n", "> a\n", "> a\n\n", "a\n", "a\n=\n", "a\n-\n", "|\n", "|a|\n", "***\n", "`a\n", "```\n", "~~~\n", "```a\n", "<!--\n", "<div>\n", "<a>\n", "</div>\n\n", "    a\n", "\ta\n", "[a]: b\n", "[a]\n", "[a]: b\n\n", "[a](b)\n", "[a](b) ", "[x](<", "[x](a \"", "[x](a 'b", "![]()", "[](", "[]()", "*a*", "**a**", "*a_", "*_", "_*", "a**b", "a*b_c", "``a", "`` ` ", "`a` ", "<a>", "<a b='", "<a b=\"", "<http://a> ", "<http:", "&amp;", "- [ ] ", "- [ ] a\n", "[ ]", "\\\n", "  \n", "a  \n", "a\\\n", "\u00a0", "\u2028", "|-", "|-|\n", "a|a\n-|-\n", "a|a\n-|-\n\n", "a|b\n", ":-|", "\\|", "|`", "*[", "[*", "[![", "](", "(", ")", "{", "{#", "# a {#b", "# a {", "# a {a=", "# {a}\n", "## {#a .b c=d}\n", "\"", "'", "[a]: <", "[a]: (", "[a]: b '", "[a]: b (c\n", "[^a]: b\n"} {
		probes[fmt.Sprintf("rep %q", s)] = func(n int) string { return rep(s, n) }
		probes[fmt.Sprintf("para %q", s)] = func(n int) string { return "x " + rep(s, n) }
	}
	p := probes
	p["indent -"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat(" ", 2*i) + "- a\n" })
	}
	p["indent - capped"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat(" ", 2*(i%19)) + "- a\n" })
	}
	p["indent 1. capped"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat(" ", 3*(i%19)) + "1. a\n" })
	}
	p["indent > capped"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat("> ", i%19) + "a\n" })
	}
	p["deep > many lines"] = func(n int) string { return lines(n, func(i int) string { return strings.Repeat("> ", 20) + "a\n" }) }
	p["deep - many lines"] = func(n int) string { return lines(n, func(i int) string { return strings.Repeat("- ", 20) + "a\n" }) }
	p["deep then lazy"] = func(n int) string {
		return strings.Repeat("> ", 20) + "a\n" + lines(n, func(i int) string { return "a\n" })
	}
	p["deep list then indented"] = func(n int) string {
		return strings.Repeat("- ", 20) + "a\n" + lines(n, func(i int) string { return strings.Repeat("  ", 20) + "a\n\n" })
	}
	p["deep list then blank"] = func(n int) string {
		return strings.Repeat("- ", 20) + "a\n" + lines(n, func(i int) string { return "\n" })
	}
	p["list nested by lines, blank"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat("  ", i%1000) + "- \n" })
	}
	p["wide table"] = func(n int) string {
		return rep("a|", n/2) + "\n" + rep("-|", n/2) + "\n"
	}
	p["wide table short rows"] = func(n int) string {
		return rep("a|", n/4) + "\n" + rep("-|", n/4) + "\n" + lines(n/2, func(i int) string { return "a\n" })
	}
	p["wide table 1000 short rows"] = func(n int) string {
		return rep("a|", 2000) + "\n" + rep("-|", 2000) + "\n" + lines(n, func(i int) string { return "a\n" })
	}
	p["action wide short rows"] = func(n int) string {
		return "## Action Items\n\n" + rep("action|", n/4) + "\n" + rep("-|", n/14) + "\n" + lines(n/2, func(i int) string { return "a\n" })
	}
	p["action rows"] = func(n int) string {
		return "## Action Items\n\n|ID|Action|Owner|\n|-|-|-|\n" + lines(n, func(i int) string { return fmt.Sprintf("|AI-%d|b|@c\n", i) })
	}
	p["action rows bad"] = func(n int) string {
		return "## Action Items\n\n|ID|Action|Owner|Status|Due\n|-|-|-|-|-|\n" + lines(n, func(i int) string { return fmt.Sprintf("|AI-%d|b|@c|x|y\n", i) })
	}
	p["action tasks"] = func(n int) string {
		return "## Action Items\n\n" + lines(n, func(i int) string { return "- [ ] a\n" })
	}
	p["action task long"] = func(n int) string {
		return "## Action Items\n\n- [ ] a" + lines(n, func(i int) string { return " (owner: b, due: c)\n" })
	}
	p["action task parts"] = func(n int) string {
		return "## Action Items\n\n- [ ] a (" + rep("owner: b, ", n) + ")\n"
	}
	p["action task parts lines"] = func(n int) string {
		return "## Action Items\n\n- [ ] a (" + rep("owner: b,\n  ", n) + ")\n"
	}
	p["action task parens"] = func(n int) string {
		return "## Action Items\n\n- [ ] a " + rep("(a:", n) + "\n"
	}
	p["action task colons"] = func(n int) string {
		return "## Action Items\n\n- [ ] a (" + rep(":", n) + "\n"
	}
	p["action task blanks"] = func(n int) string {
		return "## Action Items\n\n- [ ] a " + rep(" ", n) + "b\n"
	}
	p["timeline entries"] = func(n int) string {
		return "## Timeline\n\n" + lines(n, func(i int) string { return "- 13:02 - a\n" })
	}
	p["timeline long entry"] = func(n int) string {
		return "## Timeline\n\n- 13:02 - " + rep("a\n  b", n)
	}
	p["timeline headings"] = func(n int) string {
		return "## Timeline\n\n" + lines(n, func(i int) string { return "### 2025-01-01\n- 13:02 - a\n" })
	}
	p["timeline only headings"] = func(n int) string {
		return "## Timeline\n\n" + lines(n, func(i int) string { return "### 2025-01-01\n" })
	}
	p["timeline headings repeated"] = func(n int) string {
		return lines(n, func(i int) string { return "## Timeline\n- 13:02 - a\n" })
	}
	p["timeline headings empty repeated"] = func(n int) string {
		return lines(n, func(i int) string { return "## Timeline\n" })
	}
	p["timeline nested headings repeated"] = func(n int) string {
		return lines(n, func(i int) string { return "## Timeline\n### Timeline\na\n" })
	}
	p["timeline stars"] = func(n int) string { return "## Timeline\n\n- " + rep("*", n) + "\n" }
	p["timeline stars2"] = func(n int) string { return "## Timeline\n\n- *a" + rep("*", n) + "\n" }
	p["timeline date blanks"] = func(n int) string { return "## Timeline\n\n- 2025-01-01" + rep(" ", n) + "a\n" }
	p["heading levels"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat("#", 1+i%6) + " a\n" })
	}
	p["headings then blocks"] = func(n int) string {
		return "# a\n## b\n### c\n#### d\n##### e\n###### f\n" + lines(n, func(i int) string { return "a\n\n" })
	}
	p["whys long"] = func(n int) string {
		return "## Root Cause Analysis\n### 5 Whys\n\n" + lines(n, func(i int) string { return "1. why? a\n" })
	}
	p["whys numbered"] = func(n int) string {
		return "## Root Cause Analysis\n### 5 Whys\n\n" + lines(n, func(i int) string { return fmt.Sprintf("%d. why? a\n", i+1) })
	}
	p["refs"] = func(n int) string { return lines(n, func(i int) string { return fmt.Sprintf("[a%d]: b\n", i) }) }
	p["refs blank"] = func(n int) string { return lines(n, func(i int) string { return fmt.Sprintf("[a%d]: b\n\n", i) }) }
	p["refs used"] = func(n int) string {
		return lines(n/2, func(i int) string { return fmt.Sprintf("[a%d]: b%d.md\n", i, i) }) + "\n" + lines(n/2, func(i int) string { return fmt.Sprintf("[a%d] ", i) })
	}
	p["refs used para each"] = func(n int) string {
		return lines(n/2, func(i int) string { return fmt.Sprintf("[a%d]: b%d.md\n", i, i) }) + "\n" + lines(n/2, func(i int) string { return fmt.Sprintf("[a%d]\n\n", i) })
	}
	p["links one para"] = func(n int) string { return lines(n, func(i int) string { return fmt.Sprintf("[a](b%d.md) ", i) }) }
	p["one ref used often"] = func(n int) string { return "[a]: b.md\n\n" + rep("[a] ", n) }
	p["long ref used often"] = func(n int) string { return "[a]: " + rep("b", n/2) + "\n\n" + rep("[a] ", n/2) }
	p["long ref missing"] = func(n int) string { return "[a]: zz" + rep("b", n/2) + "\n\n" + rep("[a] ", n/2) }
	p["long label"] = func(n int) string { return "[" + rep("a", n) + "]: b\n" }
	p["labels open"] = func(n int) string { return rep("[a\n", n) }
	p["nested brackets"] = func(n int) string { return rep("[", n/2) + "a" + rep("]", n/2) }
	p["nested links"] = func(n int) string { return rep("[", n/4) + "a" + rep("](b)", n) }
	p["nested images"] = func(n int) string { return rep("![", n/4) + "a" + rep("](b)", n) }
	p["nested emphasis"] = func(n int) string { return rep("*a **b ", n/2) + rep("c** d* ", n/2) }
	p["nested emphasis closers"] = func(n int) string { return rep("a**b", n/2) + rep("c* ", n/2) }
	p["code spans growing"] = func(n int) string {
		return lines(n, func(i int) string { return "e" + strings.Repeat("`", i+1) })
	}
	p["code spans growing capped"] = func(n int) string {
		return lines(n, func(i int) string { return "e" + strings.Repeat("`", i%500+1) })
	}
	p["code span lines"] = func(n int) string {
		return lines(n, func(i int) string { return "e" + strings.Repeat("`", i%500+1) + "\n" })
	}
	p["para many lines links"] = func(n int) string { return rep("a [b](c)\n", n) }
	p["para many lines raw html"] = func(n int) string { return rep("a <b\n", n) }
	p["para many lines open comment"] = func(n int) string { return rep("a <!-- \n", n) }
	p["para many lines open pi"] = func(n int) string { return rep("a <? \n", n) }
	p["para many lines cdata"] = func(n int) string { return rep("a <![CDATA[ \n", n) }
	p["para many lines decl"] = func(n int) string { return rep("a <!X \n", n) }
	p["para many lines link title"] = func(n int) string { return rep("[a](b \"c\n", n) }
	p["para many lines link dest"] = func(n int) string { return rep("[a](<b\n", n) }
	p["para many lines bracket"] = func(n int) string { return rep("a [b\n", n) }
	p["para many lines backtick"] = func(n int) string { return rep("a `b\n", n) }
	p["para many lines attr"] = func(n int) string { return rep("<a b='c\n", n) }
	p["quote each line growing"] = func(n int) string {
		return lines(n, func(i int) string { return strings.Repeat(">", i%1000) + "a\n" })
	}
	p["tabs list"] = func(n int) string { return lines(n, func(i int) string { return strings.Repeat("\t", i%1000) + "- a\n" }) }
	p["ol star list"] = func(n int) string { return rep("* 1. - + a\n", n) }
	p["html blocks"] = func(n int) string { return rep("<div>\n\n</div>\n\n", n) }
	p["list of html"] = func(n int) string { return rep("- <div>\n", n) }
	p["list loose"] = func(n int) string { return rep("- a\n\n", n) }
	p["list alternating"] = func(n int) string { return rep("- a\n+ a\n", n) }
	p["lists alternating"] = func(n int) string { return "## Timeline\n" + rep("- 13:02 - a\n+ 13:02 - a\n", n) }
	p["cr"] = func(n int) string { return rep("\r", n) }
	p["crs"] = func(n int) string { return rep("a\r", n) }
	p["crlf"] = func(n int) string { return rep("\r\n", n) }
	p["nul"] = func(n int) string { return rep("\x00", n) }
	p["bad utf8"] = func(n int) string { return rep("\xff", n) }
	p["bidi"] = func(n int) string { return rep("\u202e", n) }
	p["e2"] = func(n int) string { return rep("\u2014", n) }
	p["long line of entries"] = func(n int) string { return "## Timeline\n\n| Time | Event |\n|-|-|\n" + rep("| 13:02 | \\| a |\n", n) }
	p["setext long"] = func(n int) string { return rep("a\n", n) + "===\n" }
	p["setext heading text"] = func(n int) string { return rep("a\n===\n", n) }
	p["numbers"] = func(n int) string { return rep("1", n) }
	p["numbers."] = func(n int) string { return rep("1.", n) }
	p["table cells empty"] = func(n int) string { return rep("|", n/2) + "\n" + rep("|-", n/2) + "|\n" + rep("|", n/2) }
	p["table rows many cols"] = func(n int) string {
		return rep("|a", 400) + "\n" + rep("|-", 400) + "\n" + rep(rep("|", 400)+"\n", n)
	}
	p["para table row"] = func(n int) string { return rep("a|b\n", n) + "-|-\n" }
	p["table code pipes"] = func(n int) string { return "a|b\n-|-\n" + rep("`|`\\|", n) + "\n" }
	p["table escaped pipes"] = func(n int) string { return "a|b\n-|-\n" + rep("\\|", n) + "\n" }
	p["table escaped pipes rows"] = func(n int) string { return "a|b\n-|-\n" + rep("\\|\\|\\|a|b\n", n) + "\n" }
}

func TestProbe(t *testing.T) {
	if os.Getenv("PROBE") == "" {
		t.Skip()
	}
	cfg := config.Default()
	for name, f := range probes {
		if o := os.Getenv("PROBE_ONLY"); o != "" && !strings.Contains(name, o) {
			continue
		}
		for _, kind := range []Kind{PostmortemRecord, IncidentRecord} {
			prev := time.Duration(0)
			for n := 16 << 10; n <= 1<<20-200; n = min(n*2, max(n+1, 1<<20-200)) {
				src := []byte("---\nstatus: draft\n---\n" + f(n))
				if len(src) > 1<<20 { src = src[:1<<20] }
				begin := time.Now()
				d := Parse("postmortems/2025-01-01-a.md", kind, src, &cfg)
				d.Prose()
				took := time.Since(begin)
				if took > 300*time.Millisecond && (prev > 0 && took > prev*3 || took > time.Second) {
					fmt.Printf("PROBE %-10v %-40s n=%7d took=%v prev=%v findings=%d\n", kind, name, n, took.Round(time.Millisecond), prev.Round(time.Millisecond), len(d.Findings))
				}
				if took > 1500*time.Millisecond {
					break
				}
				prev = took
			}
		}
	}
}
