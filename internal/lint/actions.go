package lint

import (
	"fmt"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

const familyActions = "action items"

const actionHead = "## Action Items\n\n| ID | Action | Owner | Due | Priority | Type | Status |\n|----|--------|-------|-----|----------|------|--------|\n"

func actionRules() []Rule {
	const good = actionHead + "| AI-1 | Cap the pool per tenant | @octo-db | 2025-04-01 | high | prevent | open |\n"
	return []Rule{
		{
			Name: parse.RuleActionTable, Family: familyActions, Level: diag.Error, On: parse.PostmortemRecord,
			Doc: "The action-item table has at least the column Action; columns stand in any order. A task list is read too: `- [ ] **AI-1** text (owner: @login, due: 2025-09-01)`.",
			Ok:  good,
			Bad: "## Action Items\n\n| Nr | Plan | Owner |\n|---|---|---|\n| AI-1 | Cap the pool | @octo-db |\n",
		},
		{
			Name: parse.RuleActionValue, Family: familyActions, Level: diag.Error, On: parse.PostmortemRecord,
			Doc: "Priority is high, medium or low; Type is prevent, detect, mitigate or process; Status is proposed, open, done or wont_do.",
			Ok:  good,
			Bad: actionHead + "| AI-1 | Cap the pool per tenant | @octo-db | 2025-04-01 | urgent | prevent | open |\n",
		},
		{
			Name: parse.RuleActionDue, Family: familyActions, Level: diag.Error, Check: checkActionDue, On: parse.PostmortemRecord,
			Doc: "An action item that is open says when it is due, as a date: `2025-09-01`. \"Next sprint\" is not a day on which anybody can ask.",
			Ok:  good,
			Bad: actionHead + "| AI-1 | Cap the pool per tenant | @octo-db | next sprint | high | prevent | open |\n",
		},
		{
			Name: "action-owner", Family: familyActions, Level: diag.Error, Check: checkActionOwner, On: parse.PostmortemRecord,
			Doc: "An action item that is open has one owner, by login, who can be asked about it. What nobody has accepted yet is `proposed`.",
			Ok:  good,
			Bad: actionHead + "| AI-1 | Cap the pool per tenant | Database team | 2025-04-01 | high | prevent | open |\n",
		},
		{
			Name: "action-id", Family: familyActions, Level: diag.Error, Check: checkActionID, On: parse.PostmortemRecord,
			Doc: "An action item's id is unique in its post-mortem and stays when the text is reworded or moved: it is how its issue is found again.",
			Ok:  good,
			Bad: good + "| AI-1 | Alert on pool use | @octo-db | 2025-04-01 | high | detect | open |\n",
		},
		{
			Name: "action-text", Family: familyActions, Level: diag.Error, Check: checkActionText, On: parse.PostmortemRecord,
			Doc: "An action item says what will be different when it is done: the text becomes the title of its issue.",
			Ok:  good,
			Bad: actionHead + "| AI-1 | | @octo-db | 2025-04-01 | high | prevent | open |\n",
		},
		{
			Name: "action-reason", Family: familyActions, Level: diag.Error, Check: checkActionReason, On: parse.PostmortemRecord,
			Doc: "An action item that will not be done says why, behind the status: `wont_do: replaced by AI-3`.",
			Ok:  actionHead + "| AI-1 | Cap the pool per tenant | @octo-db | 2025-04-01 | high | prevent | wont_do: the pool is gone |\n",
			Bad: actionHead + "| AI-1 | Cap the pool per tenant | @octo-db | 2025-04-01 | high | prevent | wont_do |\n",
		},
	}
}

// rowAt is where a cell stands, or the row where it has none.
func rowAt(r parse.ActionRow, column string) diag.Span {
	if c, ok := r.Cells[column]; ok && !c.Span.IsZero() {
		return c.Span
	}
	return diag.Span{Start: r.Pos, End: r.Pos}
}

func itemName(r parse.ActionRow) string {
	if r.ID != "" {
		return "action item " + r.ID
	}
	return fmt.Sprintf("action item %q", short(r.Text))
}

func checkActionDue(p *Pass) {
	for _, r := range p.Doc.Rows {
		if r.Status == incident.Open && r.Due.IsZero() && r.Cells["due"].Text == "" || r.Status == incident.Open && r.Cells["due"].Text == "-" {
			p.report(rowAt(r, "due"), "give it a date such as 2025-09-01, or make it proposed", "%s is open and has no due date", itemName(r))
		}
	}
}

func checkActionOwner(p *Pass) {
	for _, r := range p.Doc.Rows {
		if r.Status != incident.Open {
			continue
		}
		if r.Owner == "" {
			p.report(rowAt(r, "owner"), "name the login of one person, or make it proposed", "%s is open and has no owner", itemName(r))
		} else if _, ok := parse.Login(r.Cells["owner"].Text); !ok {
			p.report(rowAt(r, "owner"), "name the login of one person", "owner %q of %s is not a login, want @name", r.Cells["owner"].Text, itemName(r))
		}
	}
}

func checkActionID(p *Pass) {
	first := map[string]parse.ActionRow{}
	for i, r := range p.Doc.Rows {
		if r.ID == "" {
			p.report(rowAt(r, "id"), fmt.Sprintf("give it the next free one, such as AI-%d", i+1), "%s has no id", itemName(r))
			continue
		}
		if f, ok := first[r.ID]; ok {
			p.report(rowAt(r, "id"), "", "action item %q is given twice, the first is on line %d", r.ID, f.Pos.Line)
			continue
		}
		first[r.ID] = r
	}
}

func checkActionText(p *Pass) {
	for _, r := range p.Doc.Rows {
		if r.Text == "" {
			p.report(rowAt(r, "action"), "", "%s says nothing", itemName(r))
		}
	}
}

func checkActionReason(p *Pass) {
	for _, r := range p.Doc.Rows {
		if r.Status == incident.WontDo && r.Reason == "" {
			p.report(rowAt(r, "status"), `write "wont_do: " and the reason`, "%s will not be done and says not why", itemName(r))
		}
	}
}
