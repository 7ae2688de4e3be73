package githubapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// How much of an answer is read, in bytes. A list holds at most 100 issues of 65,536 characters each.
const (
	maxList   = 32 << 20
	maxObject = 4 << 20
)

var (
	errOtherHost = errors.New("GitHub redirects to another host, which is not followed")
	errTooLong   = errors.New("the answer is longer than any that GitHub gives")
)

// guard lets requests to one host through and no others, gives each a time limit, and holds answers to a size. The body of what
// it returns has been read to its end.
type guard struct {
	base    *url.URL
	next    http.RoundTripper
	timeout time.Duration
}

// RoundTrip sends a request.
func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if !g.lets(r.URL) {
		closeBody(r)
		return nil, errOtherHost
	}
	ctx, cancel := context.WithTimeout(r.Context(), g.timeout)
	defer cancel()
	resp, err := g.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // it has been read, or nobody wants it
	limit := int64(maxObject)
	if r.URL.Query().Has("per_page") {
		limit = maxList
	}
	body, err := readUpTo(resp.Body, limit)
	if err != nil {
		return nil, err
	}
	resp.Body = held{bytes.NewReader(body), body}
	return resp, nil
}

// lets tells whether a request may go to u: another host, port or scheme would be told the token.
func (g *guard) lets(u *url.URL) bool {
	return u.Scheme == g.base.Scheme && u.Host == g.base.Host && u.User == nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// held is a body that is in memory as a whole.
type held struct {
	*bytes.Reader
	all []byte
}

// Close has nothing to do.
func (held) Close() error { return nil }

// readUpTo reads to the end, in pieces: an answer that is too long costs the limit and no more.
func readUpTo(r io.Reader, limit int64) ([]byte, error) {
	var pieces [][]byte
	var total int64
	piece := make([]byte, 0, 16<<10)
	for {
		if len(piece) == cap(piece) {
			pieces = append(pieces, piece)
			piece = make([]byte, 0, min(2*cap(piece), 1<<20))
		}
		n, err := r.Read(piece[len(piece):cap(piece)])
		piece, total = piece[:len(piece)+n], total+int64(n)
		switch {
		case total > limit:
			return nil, fmt.Errorf("%w: over %d MiB", errTooLong, limit>>20)
		case err == io.EOF: // and no other: a body that is cut short ends in io.ErrUnexpectedEOF
			return bytes.Join(append(pieces, piece), nil), nil
		case err != nil:
			return nil, err
		}
	}
}

// unsent tells whether an error came before anything of the request could reach GitHub.
func unsent(err error) bool {
	var op *net.OpError
	return errors.Is(err, errOtherHost) || errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}
