// Command sitrep makes incidents and post-mortems in a Git repository count: it lints them and reports on them.
package main

import (
	"os"
	_ "time/tzdata" // zones must be the same on a machine without any

	"github.com/syncwell/sitrep/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], cli.System()))
}
