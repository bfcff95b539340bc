package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	staff    = "editor@example.org"
	password = "walrus-Ticking-pebble-47-orchard"
)

//go:embed testdata/profile/profile.go
var profileSource []byte

// buildMasthead compiles the program as make build does. With profiles, a file is laid over its
// source that writes them.
func buildMasthead(dir string, profiles bool) (program string, err error) {
	program = filepath.Join(dir, "masthead")
	args := []string{"build", "-trimpath", "-o", program}
	if profiles {
		overlay, err := layOver(dir)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", overlay)
	}
	build := exec.Command("go", append(args, "./cmd/masthead")...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, said)
	}
	return program, nil
}

// layOver writes what go build needs to know to compile the profile's file with the program's.
func layOver(dir string) (string, error) {
	source, err := filepath.Abs(filepath.Join("cmd", "masthead", "bench_profile.go"))
	if err != nil {
		return "", err
	}
	text, overlay := filepath.Join(dir, "profile.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(text, profileSource, 0o600); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{source: text}})
	if err != nil {
		return "", err
	}
	return overlay, os.WriteFile(overlay, replace, 0o600)
}

// masthead is the program and where it keeps its data.
type masthead struct {
	program string
	data    string
	env     []string // further settings
}

// command is a call of the program that sees nothing of our own settings.
func (m masthead) command(env []string, args ...string) *exec.Cmd {
	c := exec.Command(m.program, args...)
	c.Env = append(
		[]string{
			"HOME=" + m.data,
			"MASTHEAD_DATA=" + m.data,
			"MASTHEAD_SITE_URL=https://news.example.org",
		},
		slices.Concat(m.env, env)...)
	return c
}

// fill imports articles and makes somebody who can write; it answers how long the import took.
func (m masthead) fill(content string) (time.Duration, error) {
	user := m.command(
		nil,
		"user",
		"create",
		"--email",
		staff,
		"--name",
		"Editor",
		"--role",
		"editor",
		"--password-stdin",
	)
	user.Stdin = strings.NewReader(password)
	if said, err := user.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("making a user: %w: %s", err, said)
	}
	began := time.Now()
	said, err := m.command(nil, "import", "jsonl", content).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("importing: %w: %s", err, said)
	}
	return time.Since(began), nil
}

// serve starts the server under a name. Its log is JSON in a file, as a service's is.
func (m masthead) serve(dir, name string, env ...string) (*server, error) {
	socket := filepath.Join(dir, name+".profile")
	_ = os.Remove(socket) // of a server before
	s, err := start(name, dir, "/v1/articles", func(addr string) *exec.Cmd {
		return m.command(append(env, "BENCH_PROFILE_SOCKET="+socket), "serve", "--addr", addr)
	})
	if err == nil {
		s.profile = socket
	}
	return s, err
}
