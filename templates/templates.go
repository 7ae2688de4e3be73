// Package templates owns the Markdown that new records begin as, embedded so that the tool works in an empty repository.
// A repository overrides a template by a file of the same name in its own templates folder.
package templates

import "embed"

// FS holds incident.md, postmortem.md and gameday.md.
//
//go:embed *.md
var FS embed.FS
