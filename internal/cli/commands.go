package cli

import "github.com/spf13/cobra"

// authoring is the commands by which records come to be.
func authoring(g *globals) []*cobra.Command {
	return []*cobra.Command{newDeclare(g), newLog(g), newUpdate(g), newResolve(g), newSet(g), newPostmortem(g), newGameDay(g), newInit(g), newShow(g), newList(g), newExplain(g), newMan(g)}
}
