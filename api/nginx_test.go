package api_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// nginxConf is a proxy that compresses; %[1]s is its folder, %[2]s its address, %[3]s the server's.
const nginxConf = `
daemon off;
master_process off;
pid %[1]s/pid;
error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	gzip on;
	gzip_proxied any;
	gzip_min_length 1;
	gzip_types application/json;
	server {
		listen %[2]s;
		location / {
			proxy_set_header Accept-Encoding "";
			proxy_pass http://%[3]s;
		}
	}
}
`

// behindNginx starts a server with a proxy before it, whose address it returns.
func behindNginx(t *testing.T, k *testkit.Kit) string {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("nginx is not installed here")
	}
	server := k.Server.HTTP()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	reserved, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := reserved.Addr().String()
	reserved.Close()
	dir := t.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(nginxConf, dir, addr, l.Addr())
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	nginx := exec.Command(program, "-p", dir, "-c", conf)
	nginx.Stderr = &log
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = nginx.Process.Kill()
		_ = nginx.Wait()
	})
	for range 500 {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			return addr
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nginx does not answer")
	return ""
}

func TestADraftIsSavedThroughAProxyThatCompresses(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	body := strings.Repeat("Water. ", 100)
	id := k.Draft(map[string]any{"title": "Low water", "body": body}).Text("id")
	address, token := "http://"+behindNginx(t, k)+articlePath(id), k.Token(cms.Editor)
	call := func(method, target, etag, body string, want int) string {
		t.Helper()
		r, err := http.NewRequest(method, target, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Accept-Encoding", "gzip")
		if etag != "" {
			r.Header.Set("If-Match", etag)
			r.Header.Set("Content-Type", "application/merge-patch+json")
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != want {
			t.Fatalf("%s with If-Match %s: %s: %s", method, etag, answer.Status, text)
		}
		return answer.Header.Get("ETag")
	}
	first := call("GET", address+"?view=draft", "", "", 200)
	if first != `W/"1"` {
		t.Fatalf("the proxy passes on ETag %s; this test is about one it has weakened", first)
	}
	second := call("PATCH", address, first, `{"kicker": "Rivers"}`, 200)
	call("PATCH", address, first, `{"kicker": "Lakes"}`, 412)
	if third := call("PATCH", address, second, `{"kicker": "Seas"}`, 200); third != `W/"3"` {
		t.Errorf("ETag %s after two changes", third)
	}
}
