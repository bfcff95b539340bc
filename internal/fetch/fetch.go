// Package fetch gets files from addresses that people name. It never calls what is not on the open
// web: the address that is dialled is judged, not its name, and again at every redirect.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

const (
	maxRedirects = 3
	connectTime  = 10 * time.Second
	// how long a file may take altogether
	fetchTime = 50 * time.Second
)

// Code is why nothing was fetched, for programs.
type Code string

const (
	// Invalid is an address that is none of the web.
	Invalid Code = "invalid_url"
	// Forbidden is an address that is not called, such as one of a private network.
	Forbidden Code = "not_allowed"
	// Failed is an address that does not answer, or not with a file.
	Failed Code = "not_fetched"
)

// Refusal is why nothing was fetched. Its sentence is for people.
type Refusal struct {
	Code     Code
	Sentence string
}

// Error returns the sentence.
func (r *Refusal) Error() string { return r.Sentence }

func refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{code, fmt.Sprintf(format, args...)}
}

// errForbidden is what a guard returns.
var errForbidden = errors.New("an address that is not called")

// Fetcher gets files. It may be used by many goroutines at once.
type Fetcher struct{ client *http.Client }

// Guard returns an error for an address that must not be dialled. It is called as a
// net.Dialer.Control is.
type Guard = func(network, address string, conn syscall.RawConn) error

// New returns a Fetcher that calls the open web only, on the ports 80 and 443.
func New() *Fetcher {
	return NewGuarded(ssrf.New(ssrf.WithPorts(80, 443)).Safe)
}

// NewGuarded returns a Fetcher that calls what a guard lets it.
func NewGuarded(guard Guard) *Fetcher {
	dialer := &net.Dialer{
		Timeout: connectTime,
		Control: func(network, address string, conn syscall.RawConn) error {
			if err := guard(network, address, conn); err != nil {
				return fmt.Errorf("%w: %w", errForbidden, err)
			}
			return nil
		},
	}
	return &Fetcher{&http.Client{
		CheckRedirect: checkRedirect,
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would call for us whatever it is asked to
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    connectTime,
			ResponseHeaderTimeout:  connectTime,
			MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives:      true,
			DisableCompression:     true,
		},
	}}
}

func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return refuse(Failed, "The address leads on more than %d times.", maxRedirects)
	}
	return check(r.URL)
}

// check returns a Refusal for an address that is none of the web.
func check(u *url.URL) error {
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return refuse(Invalid, "The address must be a full http or https URL without a user name, "+
			"such as https://example.org/picture.jpg.")
	}
	return nil
}

// Get gets the file at an address and gives it to take while it comes. It returns a *Refusal where
// it cannot be got, and the errors of take.
func (f *Fetcher) Get(ctx context.Context, address string, take func(io.Reader) error) error {
	u, err := url.Parse(address)
	if err == nil {
		err = check(u)
	} else {
		err = refuse(Invalid, "The address cannot be read.")
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return refuse(Invalid, "The address cannot be read.")
	}
	r.Header.Set("User-Agent", "Masthead")
	r.Header.Set("Accept", "image/*, audio/*, video/*, application/pdf;q=0.9, */*;q=0.1")
	response, err := f.client.Do(r)
	if err != nil {
		return unreached(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return refuse(Failed, "The address answers with status %d.", response.StatusCode)
	}
	body := &body{Reader: response.Body}
	if err := take(body); err != nil {
		if body.err != nil {
			return refuse(Failed, "The file could not be read to its end.")
		}
		return err
	}
	return nil
}

// unreached returns the Refusal for an address that gave no response.
func unreached(err error) error {
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.Is(err, errForbidden):
		return refuse(Forbidden, "The address is not on the open web, so it is not called.")
	}
	return refuse(Failed, "The address does not answer.")
}

// body is the body of a response, which keeps the error that it breaks off with.
type body struct {
	io.Reader
	err error
}

// Read returns the next bytes.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
