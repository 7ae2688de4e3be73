package githubapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v62/github"

	"github.com/syncwell/sitrep/internal/reconcile"
)

// changeIssue brings one issue to what a change wants, from what it is at that moment: who edits an issue while a long plan is
// carried out is not overwritten.
func (c *Client) changeIssue(ctx context.Context, ch reconcile.Change) error {
	old, err := c.issue(ctx, ch.Number)
	if err != nil {
		return c.named(ch, err)
	}
	if err := stillAsPlanned(ch, old); err != nil {
		return fmt.Errorf("issue #%d: %w", ch.Number, err)
	}
	may, err := c.mayOwn(ctx, ch, old)
	if err != nil {
		return c.named(ch, err)
	}
	next := reconcile.Compose(ch, old.Issue, func(string) bool { return may })
	if ch.TwinOf > 0 {
		next.Body = withTwin(next.Body, ch.TwinOf)
	}
	// GitHub heeds a reason only together with a change of state: see
	// https://docs.github.com/en/rest/issues/issues#update-an-issue
	if old.State == "closed" && next.State == "closed" && old.Reason != next.Reason {
		reopen := ch
		reopen.After = reconcile.Fields{reconcile.State: reconcile.StateOpen}
		open := reconcile.Compose(reopen, old.Issue, func(string) bool { return may })
		if err := c.bring(ctx, old.Issue, open); err != nil {
			return c.named(ch, err)
		}
		old.Issue = open
	}
	return c.named(ch, c.bring(ctx, old.Issue, next))
}

// named says which issue an error is about. What is not there any more is not in the cache either.
func (c *Client) named(ch reconcile.Change, err error) error {
	switch {
	case err == nil:
		return nil
	case elsewhere(err):
		c.forget()
		return fmt.Errorf("issue #%d was deleted or moved: %w", ch.Number, err)
	}
	return fmt.Errorf("issue #%d: %w", ch.Number, err)
}

// stillAsPlanned refuses a change to an issue that has become another one since the plan was made: a field to be written holds what
// neither the plan saw nor wants, or the issue is another item's.
func stillAsPlanned(ch reconcile.Change, now record) error {
	r := now.Resource(System)
	switch {
	case now.Pull:
		return errors.New("is a pull request")
	case ch.TwinOf == 0 && !slices.Contains(hashesOf(ch), r.Hash) && !(ch.Remark && r.Hash == ""):
		return errors.New("its marker was changed meanwhile; nothing was written, run again")
	}
	for _, f := range reconcile.IssueFields() {
		want, changes := ch.After[f]
		was, known := ch.Before[f]
		is := reconcile.DigestOf(f, r.Fields[f])
		if changes && known && is != reconcile.DigestOf(f, was) && is != reconcile.DigestOf(f, want) {
			return fmt.Errorf("%s was changed meanwhile; nothing was written, run again", f)
		}
	}
	return nil
}

// mayOwn tells whether the owner after a change can be assigned. Who is assigned need not be asked for.
func (c *Client) mayOwn(ctx context.Context, ch reconcile.Change, old record) (bool, error) {
	if ch.TwinOf > 0 {
		return false, nil
	}
	owner, changes := ch.After[reconcile.Owner]
	if !changes {
		owner = old.Resource(System).Fields[reconcile.Owner]
	}
	if slices.Contains(old.Assignees, owner) {
		return true, nil
	}
	return c.assignable(ctx, owner)
}

// withTwin adds a link to the issue that stays.
func withTwin(body string, canonical int) string {
	link := fmt.Sprintf("A twin of #%d, where it goes on.", canonical)
	if strings.Contains(body, link) {
		return body
	}
	return strings.TrimRight(body, "\r\n") + "\n\n" + link + "\n"
}

// bring sends one PATCH with what differs, and nothing where nothing does. A PATCH says how an issue is to be, so after one
// without an answer the issue is read, and the PATCH is sent once more if it was not carried out.
func (c *Client) bring(ctx context.Context, old, next reconcile.Issue) error {
	patch, differs := difference(old, next)
	if !differs {
		return nil
	}
	for try := 0; ; try++ {
		a, err := c.wire.write(ctx, call{method: http.MethodPatch, path: c.at("/issues/%d", old.Number), body: patch})
		if err == nil {
			_, err = c.decodeIssue(a, true)
		}
		if !unknown(err) {
			return err
		}
		now, readErr := c.issue(ctx, old.Number)
		if readErr != nil {
			return undecided(err, readErr)
		}
		if _, left := difference(now.Issue, next); !left {
			return nil
		}
		if _, moved := difference(old, now.Issue); moved {
			return undecided(err, errors.New("the issue was changed by somebody else"))
		}
		if try > 0 {
			return undecided(err, errors.New("the issue is as it was"))
		}
	}
}

// difference is what to send so that an issue becomes another.
func difference(old, next reconcile.Issue) (*github.IssueRequest, bool) {
	var p github.IssueRequest
	differs := false
	if old.Title != next.Title {
		p.Title, differs = &next.Title, true
	}
	if old.Body != next.Body {
		p.Body, differs = &next.Body, true
	}
	if !sameNames(old.Labels, next.Labels) {
		p.Labels, differs = list0(next.Labels), true
	}
	if !sameNames(old.Assignees, next.Assignees) {
		p.Assignees, differs = list0(next.Assignees), true
	}
	if old.State != next.State || old.Reason != next.Reason {
		p.State, differs = &next.State, true
		if next.State == "closed" {
			p.StateReason = &next.Reason
		}
	}
	return &p, differs
}

// sameNames compares as GitHub does, without regard to order and letter case.
func sameNames(a, b []string) bool {
	return slices.Equal(folded(a), folded(b))
}

func folded(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, strings.ToLower(n))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
