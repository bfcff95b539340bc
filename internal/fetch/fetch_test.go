package fetch_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/masthead-cms/masthead/internal/fetch"
)

// anything is a guard that lets everything pass.
func anything(string, string, syscall.RawConn) error { return nil }

func get(t *testing.T, f *fetch.Fetcher, address string) (string, error) {
	t.Helper()
	var text string
	err := f.Get(t.Context(), address, func(r io.Reader) error {
		all, err := io.ReadAll(io.LimitReader(r, 1<<20))
		text = string(all)
		return err
	})
	return text, err
}

func wantRefused(t *testing.T, err error, code fetch.Code) {
	t.Helper()
	var refusal *fetch.Refusal
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Errorf("refused with %v, want %s", err, code)
	}
}

func TestAFileIsFetched(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		fmt.Fprint(w, "the file")
	}))
	defer s.Close()
	text, err := get(t, fetch.NewGuarded(anything), s.URL+"/old")
	if text != "the file" || err != nil {
		t.Errorf("fetched %q, %v", text, err)
	}
}

// Nothing at home is called, however it is written, nor by a redirect.
func TestWhatIsNotOnTheOpenWebIsNotCalled(t *testing.T) {
	t.Parallel()
	called := 0
	home := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		called++
	}))
	defer home.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(home.URL, "http://"), ":")
	for _, host := range []string{
		"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "0.0.0.0:" + port,
		"[::ffff:127.0.0.1]:" + port, "2130706433:" + port, "127.1:" + port, "0x7f.1:" + port,
		"10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "[64:ff9b::7f00:1]",
	} {
		if _, err := get(t, fetch.New(), "http://"+host+"/"); err == nil {
			t.Errorf("%s is called", host)
		}
	}
	if called > 0 {
		t.Errorf("home was called %d times", called)
	}
	_, err := get(t, fetch.New(), home.URL)
	wantRefused(t, err, fetch.Forbidden)
	for _, address := range []string{
		"file:///etc/passwd", "ftp://example.org/", "http://user@example.org/", "gopher://x", "", "a b",
		"http://", "//example.org/",
	} {
		_, err := get(t, fetch.New(), address)
		wantRefused(t, err, fetch.Invalid)
	}
}

func TestARedirectIsJudgedAsTheFirstAddress(t *testing.T) {
	t.Parallel()
	var second string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, second, http.StatusFound)
	}))
	defer s.Close()
	first := strings.TrimPrefix(s.URL, "http://")
	onlyFirst := func(_, address string, _ syscall.RawConn) error {
		if address != first {
			return errors.New("another one")
		}
		return nil
	}
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	second = other.URL
	_, err := get(t, fetch.NewGuarded(onlyFirst), s.URL)
	wantRefused(t, err, fetch.Forbidden)
	second = "file:///etc/passwd"
	_, err = get(t, fetch.NewGuarded(onlyFirst), s.URL)
	wantRefused(t, err, fetch.Invalid)
	second = s.URL
	_, err = get(t, fetch.NewGuarded(onlyFirst), s.URL)
	wantRefused(t, err, fetch.Failed)
}

func TestWhatCannotBeReadToItsEndIsRefused(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half of it")
	}))
	defer s.Close()
	for _, path := range []string{"/", "/missing"} {
		_, err := get(t, fetch.NewGuarded(anything), s.URL+path)
		wantRefused(t, err, fetch.Failed)
	}
	own := errors.New("our own")
	err := fetch.NewGuarded(anything).Get(t.Context(), s.URL, func(io.Reader) error { return own })
	if !errors.Is(err, own) {
		t.Errorf("the error of take is %v", err)
	}
}
