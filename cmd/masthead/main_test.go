package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/masthead-cms/masthead/internal/testkit"
)

// TestMain lets the test binary be the program where it is called by its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"masthead": main})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "mode": mode, "newer": newer},
	})
}

// exits runs a program and wants its exit code: exits 2 masthead serve x. What it prints is for stdout and stderr.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("%q exits with %s, want %s", args[1:], code, args[0])
	}
}

// mode wants files to have a mode: mode 0600 data/masthead.db.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
			ts.Fatalf("%s has mode %s, want %s", name, got, args[0])
		}
	}
}

// newer makes the database at a path look as if a newer program had been there.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sqlite3.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	ts.Check(db.Exec("INSERT INTO schema_migrations SELECT 99, 'from_the_future', 'x', applied_at FROM schema_migrations LIMIT 1"))
}

// program is a call of the program in an environment of its own.
func program(t *testing.T, data string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: path, Args: append([]string{"masthead"}, args...), Env: []string{"MASTHEAD_DATA=" + data, "HOME=" + data}}
}

func TestADemonstrationServesAndStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for _, sign := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		server := program(t, data, "serve", "--demo", "--addr", "127.0.0.1:0")
		words, err := server.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		defer server.Process.Kill()
		in := bufio.NewReader(words)
		said := ""
		for !strings.Contains(said, "sign in") {
			line, err := in.ReadString('\n')
			if err != nil {
				t.Fatalf("it said %q and stopped: %v", said, err)
			}
			said += line
		}
		at := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(said)
		client := &http.Client{Timeout: 10 * time.Second, Transport: testkit.Watch(t, &http.Transport{})}
		totals := map[string]int{"/readyz": 0, "/v1/articles?count=exact": 20, "/v1/sections?count=exact": 8}
		for path, want := range totals {
			r, err := client.Get(at + path)
			if err != nil {
				t.Fatal(err)
			}
			var list struct{ Page struct{ Total int } }
			err = json.NewDecoder(r.Body).Decode(&list)
			r.Body.Close()
			if err != nil || r.StatusCode != 200 || list.Page.Total != want {
				t.Errorf("%s: %d, %d rows of %d, %v", path, r.StatusCode, list.Page.Total, want, err)
			}
		}
		client.CloseIdleConnections()
		if err := server.Process.Signal(sign); err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = in.ReadString('\n')
		}
		if err := server.Wait(); err != nil {
			t.Errorf("after %s: %v", sign, err)
		}
	}
	info, err := os.Stat(data + "/secret.key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the signing key: %v %v", info, err)
	}
}
