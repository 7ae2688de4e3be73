package parse

import "github.com/syncwell/sitrep/internal/yamltree"

// Rules under which this package files its findings. Package lint documents each.
const (
	RuleFile          = "file"
	RuleFileLimits    = "file-limits"
	RuleEncoding      = "encoding"
	RuleFrontMatter   = "front-matter"
	RuleYAMLSyntax    = yamltree.RuleSyntax
	RuleYAMLFeature   = yamltree.RuleFeature
	RuleDuplicateKey  = yamltree.RuleDuplicateKey
	RuleUnknownKey    = "unknown-key"
	RuleRequiredKey   = "required-key"
	RuleValueType     = "value-type"
	RuleAllowedValue  = "allowed-value"
	RuleSeverity      = "severity"
	RuleStamp         = "stamp"
	RuleLogin         = "login"
	RuleTitle         = "title"
	RuleTimelineEntry = "timeline-entry"
	RuleActionTable   = "action-table"
	RuleActionDue     = "action-due"
	RuleActionValue   = "action-value"
)
