package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/syncwell/sitrep/internal/cli"
)

// TestDeclareAsksLineByLine answers the questions of declare as somebody with a screen reader does.
func TestDeclareAsksLineByLine(t *testing.T) {
	for _, c := range []struct {
		name    string
		args    []string
		answers string
		asked   []string
		not     []string
		want    []string
	}{
		{
			name: "everything", answers: "Mail bounces\n2\nmail, dns\nOcto Cat\nocto-ic\n\n",
			asked: []string{"What fails, as users see it?", "1. SEV-1  critical", "Which services are hit?", "Who is Incident Commander?", "want a login, such as octo-ic", "Who is Communications Lead?"},
			want:  []string{"title: Mail bounces\n", "severity: SEV-2 #", "services: [mail, dns]\n", "incident_commander: \"@octo-ic\"\n", "communications_lead: # "},
		},
		{
			name: "only what is missing", args: []string{"Mail bounces", "--service", "mail", "--commander", "octo-ic"}, answers: "3\n",
			asked: []string{"How grave is it?"}, not: []string{"What fails", "services", "Incident Commander?", "Communications"},
			want: []string{"severity: SEV-3 #"},
		},
		{
			name: "nothing is missing", args: []string{"Mail bounces", "--severity", "SEV-1", "--service", "mail", "--commander", "octo-ic", "--communications", "octo-comms"},
			not: []string{"?"}, want: []string{"severity: SEV-1 #"},
		},
		{
			name: "nobody wants to be asked", args: []string{"Mail bounces", "--severity", "SEV-1", "--no-input"},
			not: []string{"?"}, want: []string{"services: []\n", "incident_commander:\n"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "incidents"), 0o755); err != nil {
				t.Fatal(err)
			}
			var out, talk bytes.Buffer
			code := cli.Run(append([]string{"declare", "--dir", dir, "--now", "2025-08-18T13:05:00Z"}, c.args...), cli.Env{
				Stdin: strings.NewReader(c.answers), Stdout: &out, Stderr: &talk, Now: time.Now, TerminalWidth: func() int { return 80 }, CanAsk: func() bool { return true },
				Getenv: func(key string) string { return map[string]string{"ACCESSIBLE": "1"}[key] },
			})
			record, err := os.ReadFile(filepath.Join(dir, strings.TrimSpace(out.String())))
			if code != 0 || err != nil {
				t.Fatalf("exit code %d, %v\n%s", code, err, talk.String())
			}
			for _, q := range c.asked {
				if !strings.Contains(talk.String(), q) {
					t.Errorf("%q is not asked:\n%s", q, talk.String())
				}
			}
			questions, _, _ := strings.Cut(talk.String(), "Declared")
			for _, q := range c.not {
				if strings.Contains(questions, q) {
					t.Errorf("%q is asked:\n%s", q, talk.String())
				}
			}
			for _, w := range c.want {
				if !strings.Contains(string(record), w) {
					t.Errorf("%q is missing in\n%s", w, record)
				}
			}
		})
	}
}
