package reconcile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// The marker is an HTML comment that rendering hides: <!-- sitrep:v1 key=<hash> digest=<hash>.<hash>... -->. It holds nothing but
// [a-z0-9.-] and no "--", which would end the comment. The key says whose issue it is; the digests, one a field in the order of
// issueFields, say what was last written.

const (
	keyHashLength    = 20 // hex digits: 80 bits
	digestHashLength = 8
)

var markerShape = regexp.MustCompile(`(?m)^<!-- sitrep:v1 key=([0-9a-f]{20}) digest=([0-9a-f]{8}(?:\.[0-9a-f]{8})*) -->[ \t]*\r?$`)

// HashKey is how a key stands in a marker.
func HashKey(key string) string { return shortHash("key\x00"+key, keyHashLength) }

// DigestOf is how a field's value stands in a marker.
func DigestOf(field, value string) string {
	return shortHash(field+"\x00"+normal(field, value), digestHashLength)
}

// normal is a value as it is compared: white space at line ends and around it does not count, nor does a line end's form.
func normal(field, value string) string {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	if field == Owner {
		value = strings.ToLower(value) // logins are the same in any letters
	}
	if field != Text {
		return strings.TrimSpace(value)
	}
	lines := strings.Split(value, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func shortHash(s string, digits int) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:digits]
}

// formatMarker writes a marker; a field that nobody has written was written empty.
func formatMarker(keyHash string, written map[string]string) string {
	digests := make([]string, len(issueFields))
	for i, f := range issueFields {
		digests[i] = cmp.Or(written[f], DigestOf(f, ""))
	}
	return "<!-- sitrep:v1 key=" + keyHash + " digest=" + strings.Join(digests, ".") + " -->"
}

// noteWritten changes what a body's marker says was last written of a field.
func noteWritten(body, field, value string) string {
	above, below, hash, written := splitMarker(body)
	if hash == "" {
		return body
	}
	written[field] = DigestOf(field, value)
	return above + formatMarker(hash, written) + below
}

// splitMarker parts a body at its first marker: what stands above is ours, what stands below is people's.
func splitMarker(body string) (above, below, keyHash string, written map[string]string) {
	m := markerShape.FindStringSubmatchIndex(body)
	if m == nil {
		return body, "", "", nil
	}
	written = map[string]string{}
	for i, d := range strings.Split(body[m[4]:m[5]], ".") {
		if i < len(issueFields) {
			written[issueFields[i]] = d
		}
	}
	return body[:m[0]], body[m[1]:], body[m[2]:m[3]], written
}
