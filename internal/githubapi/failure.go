package githubapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/harmless"
	"github.com/syncwell/sitrep/internal/reconcile"
)

// failure is why a request did not lead to what was asked for. Its text holds no token and nothing that a terminal or a workflow
// runner would obey, and it wraps nothing but errors that callers compare with: what GitHub or the network said is text only.
type failure struct {
	text    string
	kind    error // of reconcile, or of context; nil for the others
	status  int   // of a refusal; 0 for anything else
	codes   []string
	unknown bool // a write that may have been carried out
	again   bool // a read that may do better when it is repeated
}

// Error is the text.
func (f *failure) Error() string { return f.text }

// Unwrap is the kind.
func (f *failure) Unwrap() error { return f.kind }

// ended is for a context that ended before a request was sent.
func ended(err error) error { return &failure{text: err.Error(), kind: err} }

func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return &failure{}
}

// statusOf is the status of a refusal; 0 for any other error and for none.
func statusOf(err error) int { return asFailure(err).status }

// unknown tells whether an error leaves open whether a write was carried out.
func unknown(err error) bool { return asFailure(err).unknown }

// elsewhere tells whether an error says that an issue is not where it was: deleted, or moved to another repository.
func elsewhere(err error) bool {
	s := statusOf(err)
	return s == http.StatusNotFound || s == http.StatusGone || s == http.StatusMovedPermanently ||
		s == http.StatusTemporaryRedirect || s == http.StatusPermanentRedirect
}

// refusal is a status that is no success.
func (w *wire) refusal(a answer) *failure {
	f := &failure{status: a.status, text: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))}
	if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
		f.kind = reconcile.ErrAuth
	}
	if to := a.header.Get("Location"); a.status >= 300 && a.status < 400 && to != "" {
		f.text += ": it is at " + w.clean(to) + " now"
		return f
	}
	e := a.said()
	if e.Message != "" {
		f.text = fmt.Sprintf("%d %s", a.status, w.clean(e.Message))
	}
	for _, one := range e.Errors {
		f.codes = append(f.codes, one.Code)
		f.text += "; " + w.clean(spellError(one))
	}
	return f
}

// spellError is one entry of a 422's errors: "body is too long", or "color: invalid".
func spellError(e github.Error) string {
	if e.Message != "" {
		return e.Message
	}
	return strings.TrimPrefix(e.Field+": ", ": ") + e.Code
}

// maxSaid is how much of a text of GitHub's is repeated, in bytes.
const maxSaid = 400

// clean makes a text of somebody else's fit for an error: without secrets, harmless, one line, not too long.
func (w *wire) clean(text string) string {
	for _, s := range w.account.secrets() {
		for _, form := range []string{s, url.QueryEscape(s)} {
			text = strings.ReplaceAll(text, form, hidden)
		}
	}
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "\uFFFD")
	if len(text) > maxSaid {
		text = strings.ToValidUTF8(text[:maxSaid], "") + "..."
	}
	return harmless.Terminal(text)
}

// has tells whether a refusal gives one of its reasons as code.
func (f *failure) has(code string) bool { return slices.Contains(f.codes, code) }
