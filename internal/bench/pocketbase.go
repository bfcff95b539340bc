package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	pocketBaseModule  = "github.com/pocketbase/pocketbase"
	pocketBaseVersion = "v0.40.4"
)

//go:embed testdata/pocketbase/main.go
var pocketBaseMain []byte

// buildPocketBase compiles PocketBase in a module of its own, so that ours knows nothing of it. It
// may want a newer Go than ours, which the go command fetches.
func buildPocketBase(dir string) (program string, err error) {
	module := filepath.Join(dir, "pocketbase")
	if err := os.MkdirAll(module, 0o700); err != nil {
		return "", err
	}
	files := map[string][]byte{
		"main.go": pocketBaseMain,
		"go.mod":  []byte("module yardstick\n\ngo 1.26\n"),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(module, name), text, 0o600); err != nil {
			return "", err
		}
	}
	program = filepath.Join(module, "pocketbase")
	for _, args := range [][]string{
		{"get", pocketBaseModule + "@" + pocketBaseVersion}, {"build", "-o", program, "."},
	} {
		step := exec.Command("go", args...)
		step.Dir, step.Env = module, append(
			os.Environ(),
			"GOTOOLCHAIN=auto",
			"GOFLAGS=-mod=mod",
			"CGO_ENABLED=0",
			"GOWORK=off",
		)
		if said, err := step.CombinedOutput(); err != nil {
			lines := strings.Split(strings.TrimSpace(string(said)), "\n")
			return "", fmt.Errorf("go %s: %w: %s", args[0], err, lines[len(lines)-1])
		}
	}
	return program, nil
}

// fillPocketBase makes a folder for PocketBase with the articles of a file.
func fillPocketBase(program, data, content string) error {
	half := data + ".part"
	said, err := exec.Command(program, "fill", "--dir="+half, content, staff, password).
		CombinedOutput()
	if err != nil {
		return errors.Join(fmt.Errorf("filling PocketBase: %w: %s", err, said), os.RemoveAll(half))
	}
	return os.Rename(half, data)
}

// servePocketBase starts PocketBase on a copy of a filled folder.
func servePocketBase(program, dir, filled string) (*server, error) {
	data := filepath.Join(dir, "pb_data")
	if filled != data {
		if err := copyFolder(filled, data); err != nil {
			return nil, err
		}
	}
	return start("pocketbase", dir, "/api/health", func(addr string) *exec.Cmd {
		return exec.Command(program, "serve", "--dir="+data, "--http="+addr)
	})
}

// pocketBase is what PocketBase is asked for articles: as many as limit, the newest first, with
// their tags, without a count of all, which ours does not give either.
func pocketBase(filter string, limit, page int, fields string) request {
	if filter != "" {
		filter = " && " + filter
	}
	query := url.Values{
		"filter": {
			"status='published'" + filter,
		}, "perPage": {fmt.Sprint(limit)}, "page": {fmt.Sprint(page)}, "skipTotal": {"1"},
		"expand": {"tags"},
	}
	if limit > 1 {
		query.Set("sort", "-published_at")
	}
	if fields != "" {
		query.Set("fields", fields)
	}
	return get("/api/collections/articles/records?" + query.Encode())
}

// pocketBaseRow is what a row of a list of ours has, in PocketBase's words.
const pocketBaseRow = "id,title,slug,type,locale,byline,summary,published_at,created,updated,expand.tags.id,expand.tags.slug,expand.tags.name"

// signIn is a token that lets its bearer write: the member of the answer to a call with
// credentials.
func (s *server) signIn(path, member string, credentials map[string]string) (string, error) {
	body, err := json.Marshal(credentials)
	if err != nil {
		return "", err
	}
	answer, err := http.Post("http://"+s.addr+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return "", fmt.Errorf("%s: %s: %w", s.name, path, err)
	}
	token, ok := members[member].(string)
	if !ok {
		return "", fmt.Errorf("%s: %s: %s", s.name, path, text)
	}
	return token, nil
}

// tagID is PocketBase's id of a tag.
func (s *server) tagID(slug string) (string, error) {
	body, _, err := s.fetch(
		"/api/collections/tags/records?filter=" + url.QueryEscape("slug='"+slug+"'"),
	)
	if err != nil {
		return "", err
	}
	var list struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(body, &list); err != nil {
		return "", err
	}
	if len(list.Items) != 1 {
		return "", fmt.Errorf("PocketBase has %d tags %s", len(list.Items), slug)
	}
	return list.Items[0].ID, nil
}
