//go:build unix

// Command witness stands between clients and a server, hands on what each says, and holds every request and its answer
// against the specification of this repository. It says where it answers, then each fault, once, and when it is told to
// stop (SIGTERM), how much it saw. It exits with 1 if anything was not as documented. With -any-header, headers of requests
// that no call of the specification takes are the clients' own affair.
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
	anyHeader := flag.Bool("any-header", false, "let requests have headers that the specification does not know")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: witness [-any-header] URL")
		os.Exit(2)
	}
	faulty, err := run(flag.Arg(0), *anyHeader)
	if err != nil {
		fmt.Fprintln(os.Stderr, "witness:", err)
	}
	if err != nil || faulty {
		os.Exit(1)
	}
}

func run(server string, anyHeader bool) (faulty bool, err error) {
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
	w := &witness{specification: specification, anyHeader: anyHeader, told: map[string]bool{}}
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
	anyHeader     bool

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

// look holds one exchange against the specification.
func (w *witness) look(answer *http.Response) error {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	r := answer.Request
	sent, _ := r.Context().Value(sentKey{}).([]byte)
	faults := w.specification.Faults(conform.Exchange{
		Request: r, Sent: sent, AnyHeader: w.anyHeader, Status: answer.StatusCode, Header: answer.Header, Body: body,
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
