package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"charm.land/huh/v2"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/parse"
)

// ask asks for what declare was not told and matters, where somebody sits at a terminal. With ACCESSIBLE set, or on a terminal that
// cannot be drawn on, it asks line by line.
func (o *declareOptions) ask(ctx context.Context, r *records) error {
	if o.noAsking || !o.env.CanAsk() {
		return nil
	}
	first := group(o.askTitle(), o.askSeverity(r), o.askServices(r), o.askLogin("Incident Commander", "leads and decides; Enter leaves it open", &o.commander))
	second := group(o.askLogin("Communications Lead", "this severity needs one; Enter leaves it open", &o.communications))
	needless := func() bool {
		severity, err := o.severityOf(r)
		return err == nil && !r.config.Policy(severity).CommsLead
	}
	if !o.accessible() {
		if second != nil {
			second = second.WithHideFunc(needless)
		}
		return o.fill(ctx, first, second)
	}
	// Line by line every group is asked, hidden or not: the second form waits for the first one's answers.
	if err := o.fill(ctx, first); err != nil || needless() {
		return err
	}
	return o.fill(ctx, second)
}

// accessible tells whether the terminal's owner wants, or the terminal needs, questions without drawing.
func (o *declareOptions) accessible() bool {
	return o.env.Getenv("ACCESSIBLE") != "" || o.env.Getenv("TERM") == "dumb"
}

// group holds the questions that are there; nil where none is.
func group(fields ...huh.Field) *huh.Group {
	fields = slices.DeleteFunc(fields, func(f huh.Field) bool { return f == nil })
	if len(fields) == 0 {
		return nil
	}
	return huh.NewGroup(fields...)
}

// fill runs a form of the groups that are there.
func (o *declareOptions) fill(ctx context.Context, groups ...*huh.Group) error {
	groups = slices.DeleteFunc(groups, func(g *huh.Group) bool { return g == nil })
	if len(groups) == 0 {
		return nil
	}
	form := huh.NewForm(groups...).WithInput(o.input()).WithOutput(o.env.Stderr).WithAccessible(o.accessible()).WithTheme(huh.ThemeFunc(huh.ThemeBase16))
	err := form.RunWithContext(ctx)
	if errors.Is(err, huh.ErrUserAborted) {
		return &exitError{exitFindings, errors.New("nothing was written")}
	}
	if err != nil {
		return usageError("ask: %w", err)
	}
	return nil
}

// input is stdin; line by line it is read a byte at a time, because each question brings a buffer of its own.
func (o *declareOptions) input() io.Reader {
	if o.accessible() {
		return byteReader{o.env.Stdin}
	}
	return o.env.Stdin
}

type byteReader struct{ io.Reader }

func (b byteReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return b.Reader.Read(p[:1])
}

func (o *declareOptions) askTitle() huh.Field {
	if strings.TrimSpace(o.title) != "" {
		return nil
	}
	return huh.NewInput().Title("What fails, as users see it?").Placeholder("API requests fail").Value(&o.title).CharLimit(parse.MaxTitleLength).Validate(func(s string) error {
		if strings.TrimSpace(s) == "" {
			return errors.New("a few words are needed: they become the title and the id")
		}
		return nil
	})
}

func (o *declareOptions) askSeverity(r *records) huh.Field {
	if o.severity != "" {
		return nil
	}
	var options []huh.Option[string]
	for _, s := range r.config.Levels() {
		label := s.String()
		if name := r.config.Policy(s).Name; name != "" {
			label += "  " + harmless.Line(name)
		}
		options = append(options, huh.NewOption(label, s.String()))
	}
	return huh.NewSelect[string]().Title("How grave is it?").Options(options...).Value(&o.severity)
}

func (o *declareOptions) askServices(r *records) huh.Field {
	if len(o.services) > 0 {
		return nil
	}
	if len(r.config.Services) == 0 {
		return huh.NewInput().Title("Which services are hit?").Description("with commas between them; Enter leaves it open").Accessor(&listAccessor{&o.services})
	}
	var options []huh.Option[string]
	for _, s := range r.config.Services {
		label := s.ID
		if s.Name != "" {
			label += "  " + s.Name
		}
		options = append(options, huh.NewOption(harmless.Line(label), s.ID))
	}
	return huh.NewMultiSelect[string]().Title("Which services are hit?").Options(options...).Value(&o.services)
}

// listAccessor reads and writes a list as a text with commas.
type listAccessor struct{ list *[]string }

func (a *listAccessor) Get() string  { return strings.Join(*a.list, ", ") }
func (a *listAccessor) Set(s string) { *a.list = splitList(s) }

func (o *declareOptions) askLogin(role, about string, into *string) huh.Field {
	if *into != "" {
		return nil
	}
	return huh.NewInput().Title("Who is " + role + "?").Description(about).Placeholder("login").Value(into).Validate(func(s string) error {
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		if _, ok := parse.Login("@" + strings.TrimPrefix(s, "@")); !ok {
			return errors.New("want a login, such as octo-ic")
		}
		return nil
	})
}
