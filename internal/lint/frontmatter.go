package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
)

const familyFrontMatter = "front matter"

func frontMatterRules() []Rule {
	return []Rule{
		{
			Name: parse.RuleFrontMatter, Family: familyFrontMatter, Level: diag.Error,
			Doc: "A record begins on line 1 with `---`, its fields as YAML, and a line of `---` that closes them.",
			Ok:  "-- incidents/2025-03-04-api-outage.md --\n" + baseIncident,
			Bad: "-- incidents/2025-03-04-api-outage.md --\n# API outage\n\n## Summary\n\nRequests failed.\n\n## Timeline\n\n- 13:05 - Alert fires.\n",
		},
		{
			Name: parse.RuleYAMLSyntax, Family: familyFrontMatter, Level: diag.Error,
			Doc: "The front matter is YAML: blanks, not tabs, for indentation; quotes around a text that holds `: ` or begins with `@`.",
			Ok:  `title: "Alert: API errors"` + "\n",
			Bad: "title: Alert: API errors\n",
		},
		{
			Name: parse.RuleYAMLFeature, Family: familyFrontMatter, Level: diag.Error,
			Doc: "Anchors, aliases, merge keys and tags are refused: what a record says must stand where a reader looks for it.",
			Ok:  "services: [api]\ntags: [api]\n",
			Bad: "services: &all [api]\ntags: *all\n",
		},
		{
			Name: parse.RuleDuplicateKey, Family: familyFrontMatter, Level: diag.Error,
			Doc: "A key stands once. Of two values one is wrong, and no reader can tell which.",
			Ok:  "severity: SEV-1\n",
			Bad: "-- incidents/2025-03-04-api-outage.md --\n" + strings.Replace(baseIncident, "status:", "severity: SEV-3\nstatus:", 1),
		},
		{
			Name: parse.RuleUnknownKey, Family: familyFrontMatter, Level: diag.Warning,
			Doc: "Keys that the tool does not know are kept and ignored. Most are slips of a known key, which is then missing.",
			Ok:  "user_impact: true\n",
			Bad: "user_imapct: true\n",
		},
		{
			Name: parse.RuleRequiredKey, Family: familyFrontMatter, Level: diag.Error,
			Doc: "Every incident says `title`, `severity`, `status` and `services`, and `started` once it is resolved (before that, `detected` will do). Every post-mortem says `status` and `owner`.",
			Ok:  "title: API requests fail\n",
			Bad: "title:\n",
		},
		{
			Name: parse.RuleValueType, Family: familyFrontMatter, Level: diag.Error,
			Doc: "A field has one form: a text, a list, a mapping, `true` or `false`, a whole number. `yes` and `on` are texts.",
			Ok:  "user_impact: true\nservices: [api]\n",
			Bad: "user_impact: yes\nservices: api\n",
		},
		{
			Name: parse.RuleAllowedValue, Family: familyFrontMatter, Level: diag.Error,
			Doc: "`status`, `kind`, `resolution`, `detected_by`, `visibility` and the levels of `impact` take the words that docs/formats.md lists, in lower case. `timezone` takes an IANA name.",
			Ok:  "status: resolved\n",
			Bad: "status: Resolved\n",
		},
		{
			Name: parse.RuleSeverity, Family: familyFrontMatter, Level: diag.Error,
			Doc: "Severity is written `SEV-1`, `SEV-2` or `SEV-3` (more where the config has them). Every figure depends on it, so nothing like it is taken for it; letters that only look right are spelled out.",
			Ok:  "severity: SEV-1\n",
			Bad: "severity: sev1\n",
		},
		{
			Name: parse.RuleStamp, Family: familyFrontMatter, Level: diag.Error,
			Doc: "A time is RFC 3339 with an offset, such as `2025-08-18T13:02:00Z` or `2025-08-18T15:02:00+02:00`. Without an offset nobody can know when it was; it is never taken for UTC.",
			Ok:  "started: 2025-03-04T14:02:00+01:00\n",
			Bad: "started: 2025-03-04 13:02:00\n",
		},
		{
			Name: parse.RuleLogin, Family: familyFrontMatter, Level: diag.Error,
			Doc: "People are named by their login, `\"@name\"`, in quotes because YAML does not let a text begin with `@`.",
			Ok:  `incident_commander: "@octo-ic"` + "\n",
			Bad: "incident_commander: Octo Cat\n",
		},
		{
			Name: parse.RuleTitle, Family: familyFrontMatter, Level: diag.Error,
			Doc: fmt.Sprintf("A title is one line of at most %d characters: it becomes the title of issues, pages and messages.", parse.MaxTitleLength),
			Ok:  "title: API requests fail\n",
			Bad: "title: " + strings.Repeat("API requests fail ", 12) + "\n",
		},
		{
			Name: "service", Family: familyFrontMatter, Level: diag.Error, Check: checkService,
			Doc: "A service is named once in `services`, and where the config lists services it is one of them: two spellings of one service are two services in every figure.",
			Ok:  "services: [api, sync]\n",
			Bad: "services: [api, sync, api]\n",
		},
	}
}

func checkService(p *Pass) {
	if p.Doc.Kind != parse.IncidentRecord || p.Doc.Broken {
		return
	}
	known := make([]string, len(p.Config.Services))
	for i, s := range p.Config.Services {
		known[i] = s.ID
	}
	seen := map[string]bool{}
	for i, s := range p.Doc.Incident.Services {
		at := p.Doc.Item("services", i)
		switch {
		case s == "":
			p.report(at, "", "service %d is empty", i+1)
		case seen[s]:
			p.report(at, "", "service %q is named twice", s)
		case len(known) > 0 && !slices.Contains(known, s):
			hint := "add it to services in .github/sitrep.yml"
			if near := diag.Nearest(s, known); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			p.report(at, hint, "unknown service %q", s)
		}
		seen[s] = true
	}
}
