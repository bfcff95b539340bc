//go:build unix

// Command witness stands between clients and a server, hands on what each says, and holds every request and its answer
// against the specification of this repository. It says where it answers, then each fault, once, and when it is told to
// stop (SIGTERM), how much it saw. It exits with 1 if anything was not as documented. Headers that are named behind the
// address of the server are the clients' own affair.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"syscall"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/testkit/conform"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: witness URL [header ...]")
		os.Exit(2)
	}
	faulty, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "witness:", err)
	}
	if err != nil || faulty {
		os.Exit(1)
	}
}

func run(server string, deaf []string) (faulty bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	target, err := url.Parse(server)
	if err != nil {
		return false, err
	}
	specification, err := conform.Parse(docs.OpenAPIJSON)
	if err != nil {
		return false, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return false, err
	}
	w := &witness{specification: specification, deaf: deaf, told: map[string]bool{}}
	front := &http.Server{Handler: w.proxy(target), MaxHeaderBytes: 1 << 20}
	fmt.Printf("witness answers at http://%s\n", listener.Addr())
	go func() {
		<-ctx.Done()
		front.Close()
	}()
	if err := front.Serve(listener); err != http.ErrServerClosed {
		return false, err
	}
	fmt.Printf("witness: %d exchanges, %d not as documented\n", w.seen, w.faulty)
	return w.faulty > 0, nil
}

// witness keeps count of exchanges.
type witness struct {
	specification *conform.Specification
	deaf          []string // headers that are not looked at

	mu     sync.Mutex
	seen   int
	faulty int
	told   map[string]bool // faults, each without what differs from case to case
}

type sentKey struct{}

// proxy hands on requests as they came, and answers as they come.
func (w *witness) proxy(target *url.URL) http.Handler {
	hand := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host
			r.Out.URL.RawQuery = r.In.URL.RawQuery
			if strings.Contains(r.In.Header.Get("Accept-Encoding"), gzipped) { // the one coding that is read here
				r.Out.Header.Set("Accept-Encoding", gzipped)
			} else {
				r.Out.Header.Del("Accept-Encoding")
			}
		},
		Transport:      &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		ModifyResponse: w.look,
	}
	return http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(answer, err.Error(), http.StatusBadGateway)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		if len(sent) == 0 {
			r.Body = http.NoBody
		}
		hand.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), sentKey{}, sent)))
	})
}

const gzipped = "gzip"

func unzipped(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// look holds one exchange against the specification.
func (w *witness) look(answer *http.Response) error {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	if answer.Header.Get("Content-Encoding") == gzipped && len(body) > 0 {
		if body, err = unzipped(body); err != nil {
			return err
		}
	}
	r := answer.Request
	sent, _ := r.Context().Value(sentKey{}).([]byte)
	asked := r.Clone(r.Context())
	for _, header := range w.deaf {
		asked.Header.Del(header)
	}
	faults := w.specification.Faults(conform.Exchange{
		Request: asked, Sent: sent, Status: answer.StatusCode, Header: answer.Header, Body: body,
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen++
	if len(faults) > 0 {
		w.faulty++
	}
	for _, fault := range faults {
		if kind := r.Method + differs.ReplaceAllString(fault, ""); !w.told[kind] {
			w.told[kind] = true
			fmt.Printf("%s %s: %s\n", r.Method, r.URL.RequestURI(), fault)
		}
	}
	return nil
}

// differs is what may differ between two cases of one fault.
var differs = regexp.MustCompile(`(?s)"[^"]*"|[0-9a-f-]{36}|Value:.*`)
