package config_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/syncwell/sitrep/internal/config"
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/incident"
)

var compareZones = cmp.Comparer(func(a, b config.Zone) bool { return a.String() == b.String() })

func TestWithoutAFileThePolicyHolds(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"no file":       {},
		"empty":         {config.Path: {}},
		"only comments": {config.Path: {Data: []byte("# nothing yet\n\n")}},
		"empty keys":    {config.Path: {Data: []byte("timezone:\nservices: ~\nlint:\nleadership: null\n")}},
		"empty mapping": {config.Path: {Data: []byte("{}\n")}},
		"byte order":    {config.Path: {Data: []byte("\ufeff# nothing\r\n")}},
	} {
		got, err := config.Load(fsys)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(config.Default(), got, compareZones); diff != "" {
			t.Errorf("%s (-default +got):\n%s", name, diff)
		}
	}
}

func TestDefaultsAreTheIncidentResponsePolicy(t *testing.T) {
	c := config.Default()
	if diff := cmp.Diff([]incident.Severity{1, 2, 3}, c.Levels()); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	if c.Location() != time.UTC || c.DowntimeEnds != config.DowntimeEnds(incident.EndsMitigated) {
		t.Errorf("zone %v, downtime ends %v", c.Location(), c.DowntimeEnds)
	}
	one, two, three := c.Policy(1), c.Policy(2), c.Policy(3)
	if one.PostMortem != config.Required || two.PostMortem != config.Encouraged || three.PostMortem != config.NoPostMortem {
		t.Errorf("post-mortems: %v, %v, %v", one.PostMortem, two.PostMortem, three.PostMortem)
	}
	if !one.WarRoom || !two.WarRoom || three.WarRoom || !one.CommsLead || !two.CommsLead || three.CommsLead || !one.Page || two.Page || three.Page {
		t.Errorf("policies: %+v, %+v, %+v", one, two, three)
	}
	if time.Duration(one.MTTRTarget) != time.Hour || time.Duration(one.UpdateEvery) != 30*time.Minute || two.MTTRTarget != 0 {
		t.Errorf("times: %v, %v, %v", one.MTTRTarget, one.UpdateEvery, two.MTTRTarget)
	}
	if c.Policy(4) != (config.Severity{}) {
		t.Errorf("a level that is not allowed has the policy %+v", c.Policy(4))
	}
}

func TestALevelKeepsWhatItDoesNotChange(t *testing.T) {
	c, err := config.Parse([]byte("severities:\n  SEV-1: {mttr_target: 1h30m}\n  SEV-4: {name: trivial}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]incident.Severity{1, 4}, c.Levels()); diff != "" {
		t.Errorf("the levels given are the ones allowed (-want +got):\n%s", diff)
	}
	if p := c.Policy(1); p.Name != "critical" || !p.Page || time.Duration(p.MTTRTarget) != 90*time.Minute {
		t.Errorf("SEV-1: %+v", p)
	}
	if p := c.Policy(4); p != (config.Severity{Name: "trivial"}) {
		t.Errorf("SEV-4: %+v", p)
	}
	if p := config.Default().Policy(1); time.Duration(p.MTTRTarget) != time.Hour {
		t.Errorf("reading a file changes the defaults: %+v", p)
	}
}

func TestValues(t *testing.T) {
	c, err := config.Parse([]byte(`
timezone: Europe/Berlin
downtime_ends: resolved
services:
  - {id: api, name: API, owner: octo-api}
  - id: NO
people:
  octo-ic: {name: Octo Cat, slack: U012345}
leadership: [octo-cto, octo-ceo]
lint: {section-alias: off, times-zero: error}
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Location().String() != "Europe/Berlin" || c.DowntimeEnds != config.DowntimeEnds(incident.EndsResolved) {
		t.Errorf("zone %v, downtime ends %v", c.Location(), c.DowntimeEnds)
	}
	if diff := cmp.Diff([]config.Service{{ID: "api", Name: "API", Owner: "octo-api"}, {ID: "NO"}}, c.Services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]config.LintSetting{"section-alias": {diag.Off}, "times-zero": {diag.Error}}, c.Lint); diff != "" {
		t.Errorf("lint (-want +got):\n%s", diff)
	}
	if c.People["octo-ic"].Slack != "U012345" || strings.Join(c.Leadership, " ") != "octo-cto octo-ceo" {
		t.Errorf("people %v, leadership %v", c.People, c.Leadership)
	}
}

func TestEveryMistakeIsToldWithItsPlace(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"unknown key", "timezone: UTC\nservcies: []\n", `2:1: unknown key "servcies" (did you mean "services"?)`},
		{"unknown key in a service", "services:\n  - {id: api, nmae: API}\n", `2:15: unknown key "nmae" (did you mean "name"?)`},
		{"nothing near", "services:\n  - {id: api, wxyz: 1}\n", `2:15: unknown key "wxyz" (known keys: id, name, owner)`},
		{"unknown zone", "timezone: Berlin\n", `1:11: unknown time zone "Berlin", want an IANA name such as UTC or Europe/Berlin`},
		{"zone of the machine", "timezone: Local\n", `1:11: unknown time zone "Local", want an IANA name such as UTC or Europe/Berlin`},
		{"zone that is a path", "timezone: ../../etc/passwd\n", `1:11: unknown time zone "../../etc/passwd", want an IANA name such as UTC or Europe/Berlin`},
		{"downtime", "downtime_ends: fixed\n", `1:16: unknown downtime_ends "fixed", want mitigated or resolved`},
		{"duration without unit", "severities:\n  SEV-1:\n    mttr_target: 60\n", `3:18: "60" is no duration, want one with its unit such as 30m or 1h30m`},
		{"negative duration", "severities: {SEV-1: {mttr_target: -5m}}\n", `1:35: "-5m" is no duration, want one with its unit such as 30m or 1h30m`},
		{"requirement", "severities: {SEV-1: {post_mortem: yes}}\n", `1:35: unknown post_mortem "yes", want required, encouraged or none`},
		{"boolean", "severities: {SEV-1: {page: yes}}\n", `1:28: "page" must be true or false, not "yes"`},
		{"severity", "severities: {sev1: {}}\n", `1:14: unknown severity "sev1", want SEV-1 to SEV-5`},
		{"no severity", "severities: {}\n", `1:1: no severity is allowed (leave the key out to keep the defaults)`},
		{"level of a rule", "lint: {title: fatal}\n", `1:15: unknown level "fatal", want error, warning, notice or off`},
		{"list for a mapping", "people: [a]\n", `1:9: "people" must be a mapping, not a list`},
		{"mapping for a list", "services: {a: b}\n", `1:11: "services" must be a list, not a mapping`},
		{"text for a list", "leadership: octo-cto\n", `1:13: "leadership" must be a list, not a text`},
		{"list for a text", "sre_lead: [a]\n", `1:11: "sre_lead" must be a text, not a list`},
		{"mapping for a zone", "timezone: {a: b}\n", `1:11: "timezone" must be a text, not a mapping`},
		{"service without id", "services:\n  - {name: API}\n", `2:5: a service needs an "id"`},
		{"empty service", "services: [~]\n", `1:12: a service needs an "id"`},
		{"service twice", "services: [{id: api}, {id: api}]\n", `1:23: service "api" is listed twice`},
		{"list as a whole", "- a\n", `1:1: the config must be a mapping, not a list`},
		{"text as a whole", "timezone\n", `1:1: the config must be a mapping, not a text`},
		{"key twice", "timezone: UTC\ntimezone: UTC\n", `2:1: key "timezone" is given twice, the first is on line 1 (keep one of the two)`},
		{"second document", "timezone: UTC\n---\ntimezone: UTC\n", `2:1: a second YAML document begins here, want one`},
		{"anchor and alias", "services: &s []\nleadership: *s\n", "1:11: anchor \"&s\" is not supported (write the value out where it is needed)\n2:13: alias \"*s\" is not supported (write the value out where it is needed)"},
		{"syntax", "timezone: UTC\nlint: [a\nsre_lead: b\n", `2:1: not valid YAML: did not find expected ',' or ']' (close the list with "]")`},
		{"all of them", "timezone: x\ndowntime_ends: y\nz: 1\n", "1:11: unknown time zone \"x\", want an IANA name such as UTC or Europe/Berlin\n2:16: unknown downtime_ends \"y\", want mitigated or resolved\n3:1: unknown key \"z\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := config.Parse([]byte(tt.text))
			var bad *config.Error
			if !errors.As(err, &bad) {
				t.Fatalf("%+v, %v, want an Error", c, err)
			}
			got := strings.ReplaceAll(bad.Error(), config.Path+":", "")
			if i := strings.Index(got, " (known keys: timezone"); i >= 0 {
				got = got[:i] // the list grows
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			for _, d := range bad.Findings {
				if d.Path != config.Path || d.Level != diag.Error || d.Rule == "" {
					t.Errorf("finding %+v", d)
				}
			}
			if diff := cmp.Diff(config.Config{}, c, cmpopts.IgnoreFields(config.Config{}, "Timezone")); diff != "" {
				t.Errorf("a config comes with the error:\n%s", diff)
			}
		})
	}
}

func TestLoadRefusesWhatIsNoFileOrTooLong(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"folder": {config.Path + "/x": {}},
		"long":   {config.Path: {Data: []byte(strings.Repeat("# long\n", 64<<10))}},
	} {
		if _, err := config.Load(fsys); err == nil || !strings.Contains(err.Error(), "must be a regular file of at most 256 KiB") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestZones(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"} {
		if loc, err := config.LoadZone(name); err != nil || loc.String() != name {
			t.Errorf("%s is %v, %v", name, loc, err)
		}
	}
	for _, name := range []string{"", "Local", "CEST", "+02:00", "Europe/berlin2", "/etc/localtime", "..", "\x00"} {
		if loc, err := config.LoadZone(name); err == nil {
			t.Errorf("%q is %v, want an error", name, loc)
		}
	}
}
