package front_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/masthead-cms/masthead/internal/front"
)

func TestAFileIsSentByNetHTTPAndTheConnectionGoesOn(t *testing.T) {
	t.Parallel()
	want := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, want, 0o600); err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, name)
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(front.Listen(l, server, front.Options{
		Respond: func(*front.Request, *front.Writer) bool { return false },
	}))
	t.Cleanup(func() { server.Close() })
	client := &http.Client{Transport: &http.Transport{}}
	for range 3 {
		r, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, not %d, error %v", len(got), len(want), err)
		}
	}
}
