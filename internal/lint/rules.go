package lint

import "slices"

// Rules lists every rule, family by family in the order in which they are documented.
func Rules() []Rule {
	return slices.Concat(
		fileRules(),
		frontMatterRules(),
		sectionRules(),
		timeRules(),
		timelineRules(),
		roleRules(),
		actionRules(),
		referenceRules(),
	)
}
