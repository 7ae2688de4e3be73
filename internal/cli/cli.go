// Package cli owns the command line: flags, the repository they point at, exit codes, and what is printed where.
//
// It is the only package that knows the clock, the environment and the terminal. A command is one file: flags into an options
// struct, the struct into a run function. Data goes to stdout, talk to stderr; the result decides the exit code, never the
// renderer.
//
// Messages: lower case, no full stop, the offending value in quotes, then what is wanted and the next step.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/syncwell/sitrep/internal/render"
)

// Env is the outside world as a command sees it.
type Env struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
	Now    func() time.Time
	// TerminalWidth is the width of stdout in columns, 0 where it is no terminal.
	TerminalWidth func() int
	// CanAsk tells whether somebody sits at stdin.
	CanAsk func() bool
}

// System is the process's own environment.
func System() Env {
	return Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Now: time.Now,
		TerminalWidth: func() int {
			fd := int(os.Stdout.Fd())
			if !term.IsTerminal(fd) {
				return 0
			}
			width, _, err := term.GetSize(fd)
			if err != nil || width < 20 {
				return 80
			}
			return width
		},
		CanAsk: func() bool { return term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd())) },
	}
}

// Exit codes. What is found and what went wrong never share one.
const (
	exitOK         = 0
	exitFindings   = 1 // findings, something overdue, changes pending
	exitUsage      = 2
	exitRepository = 3 // config or repository unreadable
	exitRemote     = 4 // remote or authentication
	exitIncomplete = 5 // incomplete, safe to run again
)

// exitError is an error that knows its exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

func repositoryError(err error) error { return &exitError{exitRepository, err} }

// outputError is for output that did not arrive whole: a full disk, a closed pipe.
func outputError(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitIncomplete, fmt.Errorf("write the output: %w", err)}
}

// errFindings makes the exit code tell that there are findings; they have been printed.
var errFindings = &exitError{exitFindings, errors.New("findings")}

// globals are the flags that every command has.
type globals struct {
	env     Env
	dir     string
	at      string
	now     string
	format  string
	noColor bool
	quiet   bool
	verbose bool
}

// Run runs one command line and gives its exit code.
func Run(args []string, env Env) int {
	// Reading many small files makes much garbage and little that stays: collecting it less often costs a few MiB and saves
	// a quarter of the time.
	debug.SetGCPercent(400)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot(env)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var exit *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(env.Stderr, "sitrep: interrupted")
		return exitIncomplete
	case errors.As(err, &exit):
		fmt.Fprintf(env.Stderr, "sitrep: %s\n", err)
		return exit.code
	}
	// What is left comes from cobra: an unknown command, a wrong number of arguments.
	fmt.Fprintf(env.Stderr, "sitrep: %s\n", err)
	return exitUsage
}

func newRoot(env Env) *cobra.Command {
	g := &globals{env: env}
	root := &cobra.Command{
		Use:   "sitrep",
		Short: "Incidents and post-mortems as Markdown in Git, made to count",
		Long: "Incidents and post-mortems are Markdown files with YAML front matter in a Git repository.\n" +
			"sitrep reads them: it lints what is written and reports what it adds up to.\n\n" +
			"Exit codes: 0 ok; 1 findings; 2 usage; 3 config or repository unreadable; 4 remote or authentication;\n" +
			"5 incomplete, safe to run again.",
		Example:       "  sitrep lint\n  sitrep metrics --from 2025-Q3 --severity SEV-1\n  sitrep metrics --format json | jq .overall",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
	}
	root.SetVersionTemplate("sitrep {{.Version}}\n")
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError("%w, see %s --help", err, c.CommandPath())
	})
	f := root.PersistentFlags()
	f.StringVar(&g.dir, "dir", "", "the repository (default: the one around the current folder)")
	f.StringVar(&g.at, "at", "", "read a commit instead of the work tree")
	f.StringVar(&g.now, "now", "", "the time to report as of, RFC 3339 (default: now)")
	f.StringVar(&g.format, "format", "text", "output format, see the command's help")
	f.BoolVar(&g.noColor, "no-color", false, "no colours (also: NO_COLOR)")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "print the data only")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "say more on stderr")
	root.MarkFlagsMutuallyExclusive("quiet", "verbose")
	_ = root.MarkPersistentFlagDirname("dir")
	root.AddCommand(newLint(g), newMetrics(g), newPlan(g), newApply(g), newPull(g), newRepair(g))
	root.AddCommand(authoring(g)...)
	root.AddCommand(newImport(g), newExport(g))
	return root
}

// version is the module's version and, for a build from a work tree, its commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := strings.TrimPrefix(info.Main.Version, "v")
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	return v
}

// style decides on colours: only on a terminal, unless told otherwise. See https://no-color.org and
// https://bixense.com/clicolors for the variables.
func (g *globals) style() render.Style {
	width := g.env.TerminalWidth()
	color := width > 0 && g.env.Getenv("TERM") != "dumb"
	if force := g.env.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" {
		color = true
	}
	if g.env.Getenv("NO_COLOR") != "" || g.noColor {
		color = false
	}
	return render.Style{Color: color, Width: width}
}

// wantFormat refuses a format that a command does not have.
func (g *globals) wantFormat(known ...string) error {
	for _, k := range known {
		if g.format == k {
			return nil
		}
	}
	return usageError("unknown format %q, want %s", g.format, strings.Join(known, " or "))
}

// talk prints to stderr unless quiet.
func (g *globals) talk(format string, args ...any) {
	if !g.quiet {
		fmt.Fprintf(g.env.Stderr, format+"\n", args...)
	}
}
