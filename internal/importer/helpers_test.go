package importer_test

import "strconv"

func formatMinutes(m float64) string { return strconv.FormatFloat(m, 'f', 2, 64) }
