package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// small is how many articles the newsroom has that is held against the yardsticks.
const small = 10_000

// bench is one run: what it was asked for, and the servers it has started.
type bench struct {
	out      io.Writer
	dir      string // is gone after the run
	keep     string
	profiles string
	table    string
	only     *regexp.Regexp
	gate     bool
	fair     bool
	large    int
	env      []string // settings of our server that this run has

	program    string
	pocketBase *server
	bare       *server
	hot, cold  *server // ours, with its cache and without
	editor     *editor
	picture    string // where a rendition is on our server

	pictureTook time.Duration // of a processor, from the upload to that rendition
	running     []*server
	imported    map[int]time.Duration // how long filling took, by how many articles
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// measure measures all rows and prints each as it comes.
func (b *bench) measure() ([]*result, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	var results []*result
	for _, p := range pairs() {
		if b.wanted(p.what, p.needs) {
			results = append(results, b.held(p))
		}
	}
	if b.only.MatchString("pictures") {
		results = append(results, b.pictures()...)
	}
	if b.gate {
		return results, nil
	}
	if b.only.MatchString("middleware") {
		added, err := b.middleware()
		if err != nil {
			return nil, err
		}
		results = append(results, added...)
	}
	if b.large > 0 {
		alone, err := b.largeNewsroom()
		if err != nil {
			return nil, err
		}
		results = append(results, alone...)
	}
	return results, nil
}

func (b *bench) wanted(what string, n need) bool {
	switch {
	case !b.only.MatchString(what):
		return false
	case n == needsPocketBase:
		return b.pocketBase != nil
	}
	return true
}

// open builds, fills and starts what the rows need.
func (b *bench) open() (err error) {
	b.imported = map[int]time.Duration{}
	if b.profiles != "" {
		if err := os.MkdirAll(b.profiles, 0o755); err != nil {
			return err
		}
		if b.profiles, err = filepath.Abs(b.profiles); err != nil {
			return err
		}
	}
	if b.keep == "" {
		b.keep = b.dir
	}
	if b.program, err = buildMasthead(b.dir, b.profiles != ""); err != nil {
		return err
	}
	filled, err := b.newsroom(small)
	if err != nil {
		return err
	}
	if b.hot, err = b.serve(filled, "hot"); err != nil {
		return err
	}
	if b.cold, err = b.serve(filled, "cold", "MASTHEAD_CACHE_SIZE=0"); err != nil {
		return err
	}
	if b.editor, err = openEditor(b.hot); err != nil {
		return err
	}
	if err := b.editor.makeFront(); err != nil {
		return err
	}
	if err := b.openPicture(); err != nil {
		return err
	}
	if err := b.openBare(); err != nil {
		return err
	}
	if !b.gate {
		b.openPocketBase()
	}
	return nil
}

// newsroom is the folder of a newsroom with so many articles. It is filled if it is not there.
func (b *bench) newsroom(articles int) (string, error) {
	data := filepath.Join(b.keep, fmt.Sprintf("masthead-%d", articles))
	if _, err := os.Stat(data); err == nil {
		return data, nil
	}
	content, err := b.content(articles)
	if err != nil {
		return "", err
	}
	b.say("importing %d articles", articles)
	half := data + ".part"
	if err := os.MkdirAll(half, 0o700); err != nil {
		return "", err
	}
	if b.imported[articles], err = b.masthead(half).fill(content); err != nil {
		return "", errors.Join(err, os.RemoveAll(half))
	}
	return data, os.Rename(half, data)
}

// masthead is our program with its data in a folder.
func (b *bench) masthead(data string) masthead { return masthead{b.program, data, b.env} }

// content is the file of so many articles, for everybody who is filled.
func (b *bench) content(articles int) (string, error) {
	name := filepath.Join(b.dir, fmt.Sprintf("content-%d.jsonl", articles))
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	file, err := os.Create(name)
	if err != nil {
		return "", err
	}
	return name, errors.Join(newWriter(articles).writeTo(file), file.Close())
}

// serve starts our server on a copy of a filled folder.
func (b *bench) serve(filled, name string, env ...string) (*server, error) {
	data := filepath.Join(b.dir, name)
	if err := copyFolder(filled, data); err != nil {
		return nil, err
	}
	return b.started(b.masthead(data).serve(b.dir, name, env...))
}

// copyFolder copies the files of a folder, for nobody else to read.
func copyFolder(from, to string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600)
	})
}

// started notes a server that is to be stopped.
func (b *bench) started(s *server, err error) (*server, error) {
	if err == nil {
		b.running = append(b.running, s)
	}
	return s, err
}

func (b *bench) stop() {
	for _, s := range b.running {
		s.stop()
	}
}

// bareBytes are the answers that the bare server gives, by what they are called.
var bareBytes = map[string]string{
	"article": "/v1/articles/article-5000",
	"list":    "/v1/articles",
	"front":   "/v1/fronts/home",
	"section": "/v1/articles?section=part-3",
	"both":    "/v1/articles?section=part-3&author=person-3",
	"resolve": "/v1/resolve?path=/articles/article-5000",
}

// openBare starts the yardstick of reading with the bytes that our server answers.
func (b *bench) openBare() error {
	files := filepath.Join(b.dir, "bare-files")
	if err := os.Mkdir(files, 0o700); err != nil {
		return err
	}
	targets := maps.Clone(bareBytes)
	targets[pictureName] = b.picture
	for name, target := range targets {
		body, _, err := b.hot.fetch(target)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(files, name), body, 0o600); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	b.bare, err = b.started(start("bare", b.dir, "/list", func(addr string) *exec.Cmd {
		return exec.Command(self, "bare", addr, files)
	}))
	return err
}

// openPocketBase starts PocketBase if it can be had. Without it, its rows are left out.
func (b *bench) openPocketBase() {
	skipped := func(err error) { b.say("PocketBase is left out: %s", err) }
	b.say("building PocketBase %s", pocketBaseVersion)
	program, err := buildPocketBase(b.keep)
	if err != nil {
		skipped(err)
		return
	}
	filled := filepath.Join(b.keep, "pb_data")
	if _, err := os.Stat(filled); errors.Is(err, fs.ErrNotExist) {
		b.say("filling PocketBase")
		content, err := b.content(small)
		if err == nil {
			err = fillPocketBase(program, filled, content)
		}
		if err != nil {
			skipped(err)
			return
		}
	}
	if b.pocketBase, err = b.started(servePocketBase(program, b.dir, filled)); err != nil {
		skipped(err)
	}
}

// profileName is the file for the profile of a row.
func (b *bench) profileName(what string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(what))
	return filepath.Join(b.profiles, name+".cpu")
}
