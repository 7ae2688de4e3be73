package lint

import (
	"github.com/syncwell/sitrep/internal/diag"
	"github.com/syncwell/sitrep/internal/parse"
)

const familyFiles = "files"

func fileRules() []Rule {
	return []Rule{
		{
			Name: parse.RuleFile, Family: familyFiles, Level: diag.Error,
			Doc: "A record is a regular file that can be read, and its name is its id: `YYYY-MM-DD-words.md` in lower case. The id stands in links, channel names, branches and issues, " +
				"so it has no blanks, capitals or accents. When a file is renamed, its old id goes into `formerly`.",
			Ok:  "-- incidents/2025-03-04-api-outage.md --\n" + baseIncident,
			Bad: "-- incidents/API outage.md --\n" + baseIncident,
		},
		{
			Name: parse.RuleFileLimits, Family: familyFiles, Level: diag.Error,
			Doc: "Files are at most 1 MiB, front matter at most 64 KiB, and quotes and lists stand at most 20 deep in one another; a body has at most 50,000 lines, a table 100 columns, all tables 100,000 cells. Logs, dumps and pictures belong into files beside the record.",
			Ok:  "## Summary\n\n> > Quoted twice.\n",
			Bad: "## Summary\n\n> > > > > > > > > > > > > > > > > > > > > > > Quoted too often.\n",
		},
		{
			Name: parse.RuleEncoding, Family: familyFiles, Level: diag.Error,
			Doc: "Records are UTF-8 text. NUL, invisible bidirectional controls (which make text read otherwise than it is) and lines that end with CR alone are refused. A byte order mark is skipped.",
			Ok:  "title: Caf\u00e9 orders fail\n",
			Bad: "title: Orders\u202e fail\n",
		},
	}
}
