//go:build unix

// Command conformproxy is a reverse proxy that validates every request and its response against the
// specification of this repository. It prints its own address, then each kind of fault once, and on
// SIGTERM how many exchanges it has seen. It exits with 1 if any was not as documented. With
// -any-header, requests may have headers that no operation of the specification takes.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"sync"
	"syscall"

	"github.com/masthead-cms/masthead/docs"
	"github.com/masthead-cms/masthead/internal/testkit/conform"
)

func main() {
	anyHeader := flag.Bool("any-header", false,
		"let requests have headers that the specification does not know")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: conformproxy [-any-header] URL")
		os.Exit(2)
	}
	faulty, err := run(flag.Arg(0), *anyHeader)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformproxy:", err)
	}
	if err != nil || faulty {
		os.Exit(1)
	}
}

func run(address string, anyHeader bool) (faulty bool, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	target, err := url.Parse(address)
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
	p := &proxy{specification: specification, anyHeader: anyHeader, reported: map[string]bool{}}
	server := &http.Server{Handler: p.handler(target), MaxHeaderBytes: 1 << 20}
	fmt.Printf("conformproxy answers at http://%s\n", listener.Addr())
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return false, err
	}
	fmt.Printf("conformproxy: %d exchanges, %d not as documented\n", p.seen, p.faulty)
	return p.faulty > 0, nil
}

// proxy validates exchanges and counts them.
type proxy struct {
	specification *conform.Specification
	anyHeader     bool

	mu     sync.Mutex
	seen   int
	faulty int
	// reported has the faults printed so far, each without what differs from case to case.
	reported map[string]bool
}

type sentKey struct{}

// handler forwards requests to target unchanged.
func (p *proxy) handler(target *url.URL) http.Handler {
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme = target.Scheme
			r.Out.URL.Host = target.Host
			r.Out.URL.RawQuery = r.In.URL.RawQuery
		},
		Transport:      &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		ModifyResponse: p.validate,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		if len(sent) == 0 {
			r.Body = http.NoBody
		}
		forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sentKey{}, sent)))
	})
}

// validate checks one exchange against the specification.
func (p *proxy) validate(response *http.Response) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	r := response.Request
	sent, _ := r.Context().Value(sentKey{}).([]byte)
	faults := p.specification.Violations(conform.Exchange{
		Request: r, Sent: sent, AnyHeader: p.anyHeader, Status: response.StatusCode,
		Header: response.Header, Body: body,
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen++
	if len(faults) > 0 {
		p.faulty++
	}
	for _, fault := range faults {
		if kind := r.Method + differs.ReplaceAllString(fault, ""); !p.reported[kind] {
			p.reported[kind] = true
			fmt.Printf("%s %s: %s\n", r.Method, r.URL.RequestURI(), fault)
		}
	}
	return nil
}

// differs is what may differ between two cases of one fault.
var differs = regexp.MustCompile(`(?s)"[^"]*"|[0-9a-f-]{36}|Value:.*`)
