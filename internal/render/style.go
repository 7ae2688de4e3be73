// Package render owns how values look: one file for each output format, a writer and a value in, bytes out.
//
// It decides nothing: not what is a finding, not whether a run passes. It reads no clock and prints nothing that came from
// outside without making it harmless on a terminal.
package render

// Style is what the receiving end can show.
type Style struct {
	Color bool
	Width int // columns; 0 where it is no terminal
}

// The colours in use, as ANSI SGR parameters.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// paint wraps a text in a colour where the style has colours.
func (s Style) paint(sgr, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}
