package lint

import (
	"slices"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
	"github.com/syncwell/sitrep/internal/parse"
)

const familyRoles = "roles"

func roleRules() []Rule {
	return []Rule{
		{
			Name: "role-commander", Family: familyRoles, Level: diag.Error, Check: checkCommander,
			Doc: "Every incident has one Incident Commander, who leads and decides. While an incident is open the role may still be empty for some minutes; `sitrep due` watches that.",
			Ok:  `incident_commander: "@octo-ic"` + "\n",
			Bad: "incident_commander:\n",
		},
		{
			Name: "role-communications", Family: familyRoles, Level: diag.Error, Check: checkCommunications,
			Doc: "SEV-1 and SEV-2 have a Communications Lead, so that the Incident Commander does not write to users and managers.",
			Ok:  `communications_lead: "@octo-comms"` + "\n",
			Bad: "communications_lead:\n",
		},
		{
			Name: "role-separate", Family: familyRoles, Level: diag.Warning, Check: checkSeparate,
			Doc: "On a SEV-1 the Incident Commander is not one of the Subject Matter Experts: who leads does not type.",
			Ok:  `subject_matter_experts: ["@octo-db"]` + "\n",
			Bad: `subject_matter_experts: ["@octo-ic"]` + "\n",
		},
	}
}

// staffed tells whether roles are asked of a record: incidents and game days that are over.
func staffed(d *parse.Document) bool {
	if d.Kind != parse.IncidentRecord || d.Broken {
		return false
	}
	inc := d.Incident
	return inc.Status == incident.StatusOver && (inc.Kind == incident.KindIncident || inc.Kind == incident.KindGameDay)
}

// roleAt is where a role is written, or the severity that asks for it.
func roleAt(d *parse.Document, key string) diag.Span {
	if at := d.Field(key); !at.IsZero() {
		return at
	}
	return d.Field("severity")
}

func checkCommander(p *Pass) {
	if staffed(p.Doc) && p.Doc.Incident.Roles.Commander == "" && empty(p.Doc, "incident_commander") {
		p.report(roleAt(p.Doc, "incident_commander"), `add incident_commander: "@login"`, "no Incident Commander")
	}
}

// empty tells whether nothing is written under a key; what is there and no login has its own finding.
func empty(d *parse.Document, key string) bool {
	return written(d, key) == "" && !hasFinding(d.Meta.Get(key))
}

func checkCommunications(p *Pass) {
	if !staffed(p.Doc) || !p.Config.Policy(p.Doc.Incident.Severity).CommsLead {
		return
	}
	if p.Doc.Incident.Roles.Communications == "" && empty(p.Doc, "communications_lead") {
		p.report(roleAt(p.Doc, "communications_lead"), `add communications_lead: "@login"`, "no Communications Lead, %s needs one", p.Doc.Incident.Severity)
	}
}

func checkSeparate(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord {
		return
	}
	inc := p.Doc.Incident
	if i := slices.Index(inc.Roles.Experts, inc.Roles.Commander); i >= 0 && inc.Severity == 1 {
		p.report(p.Doc.Item("subject_matter_experts", i), "hand one of the roles to somebody else", "@%s is Incident Commander and Subject Matter Expert of a SEV-1", inc.Roles.Commander)
	}
}
