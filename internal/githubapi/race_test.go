//go:build race

package githubapi_test

func init() { raced = true }
