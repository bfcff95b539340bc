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

// getJSON reads what is at an address.
func getJSON(t *testing.T, client *http.Client, address string, v any) {
	t.Helper()
	r, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(v); err != nil || r.StatusCode != 200 {
		t.Errorf("%s: %d, %v", address, r.StatusCode, err)
	}
}

// wantNewspaper wants all that paints a page, in each language.
func wantNewspaper(t *testing.T, client *http.Client, at string) {
	t.Helper()
	var site struct {
		Name   string
		Menus  map[string][]struct{ URL string }
		Ticker struct{ Rows []any }
		Alerts []struct{ Article *struct{ URL string } }
	}
	getJSON(t, client, at+"/v1/site?include=alerts,ticker,sections", &site)
	if site.Name == "Masthead" || len(site.Menus["main"]) != 5 || len(site.Ticker.Rows) != 20 ||
		len(site.Alerts) != 2 || site.Alerts[0].Article == nil {
		t.Errorf("the site is %+v", site)
	}
	for _, slug := range []string{"home", "home-ar"} {
		var front struct {
			Slots []struct {
				Name string
				Rows []struct {
					Article *struct {
						Byline   *string
						Sections []any
					}
				}
			}
		}
		getJSON(t, client, at+"/v1/fronts/"+slug, &front)
		for _, slot := range front.Slots {
			if len(slot.Rows) == 0 {
				t.Errorf("%s: nothing stands in %s", slug, slot.Name)
			}
			for _, row := range slot.Rows {
				if a := row.Article; a != nil && (a.Byline == nil || len(a.Sections) == 0) {
					t.Errorf("%s: %s shows an article without byline or section", slug, slot.Name)
				}
			}
		}
	}
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
		totals := map[string]int{
			"/readyz": 0, "/v1/articles?count=exact": 20, "/v1/sections?count=exact": 9,
			"/v1/authors?count=exact": 17, "/v1/collections?count=exact": 10,
			"/v1/fronts?count=exact": 2, "/v1/alerts?count=exact": 2,
			"/v1/redirects?count=exact": 3,
		}
		for path, want := range totals {
			var list struct{ Page struct{ Total int } }
			if getJSON(t, client, at+path, &list); list.Page.Total != want {
				t.Errorf("%s: %d rows of %d", path, list.Page.Total, want)
			}
		}
		wantNewspaper(t, client, at)
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
