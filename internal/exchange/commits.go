package exchange

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// gitTimeout bounds the time that reading a history takes.
const gitTimeout = time.Minute

// CommitDates returns when the Markdown files of a folder were first committed, by their paths in
// the folder; a file that was renamed is followed. It is empty if the folder is in no git checkout.
// One call of git reads the history of the whole folder.
func CommitDates(ctx context.Context, dir string) (map[string]time.Time, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil || !inCheckout(dir) {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, gitTimeout)
	defer cancel()
	shallow, err := readGit(ctx, dir, func(r io.Reader) (string, error) {
		line, err := io.ReadAll(r)
		return strings.TrimSpace(string(line)), err
	}, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return nil, err
	}
	if shallow == "true" {
		return nil, errors.New("the checkout is shallow, its first commits are missing")
	}
	return readGit(ctx, dir, parseCommits, "log", "--no-show-signature", "--no-color",
		"--no-ext-diff", "--no-textconv", "--find-renames", "--diff-filter=AR", "--name-status",
		"--relative", "-z", "--format=%at", "--", ":(icase)*.md", ":(icase)*.markdown")
}

// inCheckout reports whether a folder, or one above it, has the files of git.
func inCheckout(dir string) bool {
	dir, err := filepath.Abs(dir)
	for err == nil {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		above := filepath.Dir(dir)
		if above == dir {
			return false
		}
		dir = above
	}
	return false
}

// readGit runs git in a folder and returns what read makes of its output. Nothing that the settings
// of a checkout name is run, and nothing is fetched: the checkout may be a stranger's.
func readGit[T any](
	ctx context.Context, dir string, read func(io.Reader) (T, error), args ...string,
) (result T, err error) {
	args = append([]string{"-C", dir, "--no-pager", "-c", "core.fsmonitor=false"}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = slices.DeleteFunc(os.Environ(),
		func(s string) bool { return strings.HasPrefix(s, "GIT_") })
	cmd.Env = append(cmd.Env, "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	cmd.WaitDelay = time.Second
	var trouble strings.Builder
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		return result, err
	}
	if err := cmd.Start(); err != nil {
		return result, err
	}
	result, err = read(out)
	if failed := cmd.Wait(); failed != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(trouble.String()), "\n")
		return result, fmt.Errorf("git: %w: %s", errors.Join(ctx.Err(), failed), shorten(first))
	}
	return result, err
}

// parseCommits reads commits from the newest to the oldest, each its time and then the files that
// it added (A, path) or renamed (R and how far they are alike, old path, new path).
func parseCommits(r io.Reader) (map[string]time.Time, error) {
	dates := map[string]time.Time{}
	names := map[string]string{} // the present names of files that were renamed later
	present := func(name string) string {
		if now, renamed := names[name]; renamed {
			return now
		}
		return name
	}
	in := bufio.NewReader(r)
	var at time.Time
	for {
		word, err := nextWord(in)
		word = strings.TrimPrefix(word, "\n") // which git writes before the first file
		switch seconds, notTime := strconv.ParseInt(word, 10, 64); {
		case errors.Is(err, io.EOF):
			return dates, nil
		case err != nil:
			return nil, err
		case notTime == nil:
			at = time.Unix(seconds, 0).UTC()
			continue
		case word == "":
			continue
		}
		name, err := nextWord(in)
		if err != nil {
			return nil, err
		}
		if word[0] == 'R' {
			renamed, err := nextWord(in)
			if err != nil {
				return nil, err
			}
			names[name] = present(renamed)
			delete(names, renamed)
			continue
		}
		now := present(name)
		if known, there := dates[now]; !there || at.Before(known) {
			dates[now] = at
		}
		delete(names, name)
	}
}

// maxGitWord is the most bytes of a path in a history.
const maxGitWord = 64 << 10

// nextWord reads up to a zero byte.
func nextWord(in *bufio.Reader) (string, error) {
	var word []byte
	for {
		part, err := in.ReadSlice(0)
		word = append(word, part...)
		switch {
		case len(word) > maxGitWord:
			return "", errors.New("git: a path is longer than 64 KiB")
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return "", err
		}
		return string(word[:len(word)-1]), nil
	}
}
