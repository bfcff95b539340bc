package exchange

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// checkout is a folder with a history.
type checkout struct {
	t   *testing.T
	dir string
}

func newCheckout(t *testing.T) checkout {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git here")
	}
	c := checkout{t, t.TempDir()}
	c.git("init", "-q")
	return c
}

func (c checkout) git(args ...string) {
	c.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", c.dir, "-c", "user.name=x", "-c",
		"user.email=x@example.org"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		c.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (c checkout) write(name, text string) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c checkout) commit(day string) {
	c.t.Helper()
	c.git("add", "-A")
	c.git("commit", "-q", "-m", day, "--date", day+"T08:00:00Z")
}

func TestFilesAreDatedByTheirFirstCommit(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("posts/a.md", "A story of some length.\n")
	c.write("posts/نهر 1.MD", "Another one.\n")
	c.commit("2001-02-03")
	c.write("posts/a.md", "A story of some length.\nAnd more.\n")
	c.write("posts/2002", "no page")
	c.write("posts/moved.md", "Words that move about.\n")
	c.write("other/x.md", "Elsewhere.\n")
	c.commit("2002-02-03")
	c.git("mv", "posts/moved.md", "posts/new\nname.md")
	c.commit("2003-02-03")
	c.write("posts/moved.md", "This is a page of its own.\n")
	c.write("posts/untracked.md", "Not yet.\n")
	c.git("add", "posts/moved.md")
	c.git("commit", "-q", "-m", "x", "--date", "2004-02-03T08:00:00+01:00")

	got, err := CommitDates(t.Context(), filepath.Join(c.dir, "posts"))
	want := map[string]time.Time{
		"a.md":         time.Date(2001, 2, 3, 8, 0, 0, 0, time.UTC),
		"نهر 1.MD":     time.Date(2001, 2, 3, 8, 0, 0, 0, time.UTC),
		"new\nname.md": time.Date(2002, 2, 3, 8, 0, 0, 0, time.UTC),
		"moved.md":     time.Date(2004, 2, 3, 7, 0, 0, 0, time.UTC),
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v\nwant %v", got, err, want)
	}
}

func TestWhatAHistoryLacksIsAnError(t *testing.T) {
	t.Parallel()
	if dates, err := CommitDates(t.Context(), t.TempDir()); err != nil || len(dates) > 0 {
		t.Errorf("no checkout: %v, %v", dates, err)
	}
	empty := t.TempDir()
	if err := os.Mkdir(filepath.Join(empty, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := CommitDates(t.Context(), empty); err == nil {
		t.Error("a broken checkout has a history")
	}
	c := newCheckout(t)
	c.write("a.md", "A")
	c.commit("2001-02-03")
	c.write("a.md", "B")
	c.commit("2002-02-03")
	shallow := checkout{t, filepath.Join(t.TempDir(), "shallow")}
	c.git("clone", "-q", "--depth", "1", "file://"+c.dir, shallow.dir)
	if _, err := CommitDates(t.Context(), shallow.dir); err == nil ||
		!strings.Contains(err.Error(), "shallow") {
		t.Errorf("a shallow checkout: %v", err)
	}
}

// The settings of a stranger's checkout run nothing.
func TestASourcesSettingsOfGitRunNothing(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.write("a.md", "A")
	c.commit("2001-02-03")
	ran := filepath.Join(t.TempDir(), "ran")
	run := "sh -c 'touch " + ran + "'"
	for _, name := range []string{"core.fsmonitor", "core.pager", "diff.external", "pager.log",
		"gpg.program", "alias.log", "diff.x.textconv", "diff.x.command"} {
		value := run
		if name == "alias.log" {
			value = "!" + run
		}
		c.git("config", name, value)
	}
	c.git("config", "log.showSignature", "true")
	c.write(".gitattributes", "*.md diff=x\n")
	if dates, err := CommitDates(t.Context(), c.dir); err != nil || len(dates) != 1 {
		t.Errorf("dates %v, %v", dates, err)
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("a setting of the checkout was run")
	}
}

func TestAFirstCommitDatesWhatHasNoDate(t *testing.T) {
	t.Parallel()
	first := time.Date(2001, 2, 3, 0, 0, 0, 0, time.UTC)
	options := Options{FirstCommit: func(file string) (time.Time, bool) {
		return first, file == "known.md" || file == "dated.md"
	}}
	files := map[string]string{"known.md": "", "dated.md": "date: 2005-01-01", "other.md": ""}
	want := map[string]string{"known.md": "2001-02-03T00:00:00Z", "other.md": "not told",
		"dated.md": "2005-01-01T00:00:00Z"}
	for name, front := range files {
		for it := range Markdown(fstest.MapFS{name: {Data: []byte(
			"---\ntitle: T\n" + front + "\n---\nW\n")}}, options) {
			told := strings.Contains(strings.Join(it.Notes, " "), "first commit")
			if stamp(it.PublishedAt) != want[name] || told != (name == "known.md") {
				t.Errorf("%s: %s, notes %q", name, stamp(it.PublishedAt), it.Notes)
			}
		}
	}
}
