package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// picture returns a PNG picture of 64 by 48 pixels, another one for each seed.
func picture(t *testing.T, seed int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 64, 48))
	for i := range 64 * 48 {
		img.Set(i%64, i/64, color.NRGBA{uint8(i), uint8(seed), uint8(seed >> 8), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pictureForm returns the body of a call that makes a medium of a picture, and its media type.
func pictureForm(t *testing.T, file []byte) (string, []byte) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "picture.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), b.Bytes()
}

// editorOf makes an editor of a newsroom.
func editorOf(t *testing.T, data string) {
	t.Helper()
	runCommand(t, data, "the-presses-roll-at-nine", "user", "create", "--email", "ed@example.org",
		"--name", "Ed", "--role", "editor", "--password-stdin")
}

// tokenOf signs the editor in.
func tokenOf(t *testing.T, url string) string {
	t.Helper()
	status, me := send(t, "POST", url+"/v1/auth/login", "",
		map[string]string{"email": "ed@example.org", "password": "the-presses-roll-at-nine"})
	token, _ := me["access_token"].(string)
	if token == "" {
		t.Fatalf("signing in: %d %v", status, me)
	}
	return token
}

// upload makes a medium of a picture and returns its id.
func upload(t *testing.T, url, token string, file []byte) string {
	t.Helper()
	mediaType, body := pictureForm(t, file)
	r, err := http.NewRequest("POST", url+"/v1/media", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", mediaType)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var medium struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&medium); err != nil || answer.StatusCode != 201 {
		t.Fatalf("an upload: %d %v", answer.StatusCode, err)
	}
	return medium.ID
}

// mediaFiles returns the paths of the files of media in a folder.
func mediaFiles(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// reportOf runs a command that prints JSON and wants an exit code.
func reportOf(t *testing.T, data string, code int, args ...string) map[string]any {
	t.Helper()
	c := program(t, data, append(args, "--json")...)
	var stdout, stderr bytes.Buffer
	c.Stdout = &stdout
	c.Stderr = &stderr
	_ = c.Run()
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("%q exits with %d, want %d: %s", args, got, code, &stderr)
	}
	var members map[string]any
	if err := json.Unmarshal(stdout.Bytes(), &members); err != nil {
		t.Fatalf("%q prints %q: %v", args, &stdout, err)
	}
	return members
}

// wantCount wants a member of a report to be a number, or a list of so many.
func wantCount(t *testing.T, report map[string]any, member string, want int) {
	t.Helper()
	got := -1
	switch v := report[member].(type) {
	case float64:
		got = int(v)
	case []any:
		got = len(v)
	}
	if got != want {
		t.Errorf("%s is %v, want %d", member, report[member], want)
	}
}

func TestFilesOfMediaAreCollectedVerifiedAndCopied(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	editorOf(t, data)
	server := startServer(t, data)
	token := tokenOf(t, server.url)
	var ids []string
	for i := range 3 {
		ids = append(ids, upload(t, server.url, token, picture(t, i)))
	}
	again := upload(t, server.url, token, picture(t, 0))
	for _, id := range []string{ids[1], again} {
		r, err := http.NewRequest("DELETE", server.url+"/v1/media/"+id, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("If-Match", "*")
		if answer, err := http.DefaultClient.Do(r); err != nil || answer.StatusCode != 204 {
			t.Fatalf("deleting: %v %v", answer, err)
		}
	}
	folder := filepath.Join(data, "media")
	files := mediaFiles(t, folder)
	if len(files) != 6 {
		t.Fatalf("there are %q", files)
	}
	wantCount(t, reportOf(t, data, 0, "media", "gc"), "files", 0) // they are young
	old := time.Now().Add(-2 * time.Hour)
	for _, file := range files {
		if err := os.Chtimes(file, old, old); err != nil {
			t.Fatal(err)
		}
	}
	dry := reportOf(t, data, 0, "media", "gc", "--dry-run")
	wantCount(t, dry, "unused", 2)
	if dry["dry_run"] != true || len(mediaFiles(t, folder)) != 6 {
		t.Errorf("a dry run: %v", dry)
	}
	wantCount(t, reportOf(t, data, 0, "media", "gc"), "files", 2)
	wantCount(t, reportOf(t, data, 0, "media", "gc"), "files", 0)
	left := mediaFiles(t, folder)
	wantCount(t, reportOf(t, data, 0, "media", "verify"), "files", 4)

	to := filepath.Join(t.TempDir(), "copy")
	copied := reportOf(t, data, 0, "media", "copy", "--to", to)
	wantCount(t, copied, "files", 4)
	if err := os.Remove(strings.Replace(left[0], folder, to, 1)); err != nil {
		t.Fatal(err)
	}
	copied = reportOf(t, data, 0, "media", "copy", "--to", to)
	wantCount(t, copied, "files", 1)
	wantCount(t, copied, "already_there", 3)
	wantCount(t, reportOf(t, data, 0, "media", "verify", "--media-url", to), "files", 4)

	damage(t, left[0])
	if err := os.Remove(left[1]); err != nil {
		t.Fatal(err)
	}
	bad := reportOf(t, data, 1, "media", "verify")
	wantCount(t, bad, "damaged", 1)
	wantCount(t, bad, "missing", 1)
	bad = reportOf(t, data, 1, "media", "copy", "--to", filepath.Join(t.TempDir(), "copy"))
	wantCount(t, bad, "damaged", 1)
	wantCount(t, bad, "files", 2) // all others that are there
	c := program(t, data, "media", "copy", "--to", t.TempDir())
	if out, err := c.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("damaged  ")) {
		t.Errorf("a damaged file was copied: %v %s", err, out)
	}
}

// damage changes a byte of a file.
func damage(t *testing.T, name string) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// gc deletes what a database does not name, so it must be the right one.
func TestCollectingWithTheWrongDatabaseDeletesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	editorOf(t, data)
	folder := filepath.Join(data, "media", "ab")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "ab"+strings.Repeat("0", 62)+".jpg")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"media", "gc"},
		{"media", "gc", "--database-url", "sqlite:" + filepath.Join(data, "missing.db"), "--all"},
	} {
		c := program(t, data, args...)
		if out, err := c.CombinedOutput(); err == nil {
			t.Errorf("%q: %s", args, out)
		}
		if _, err := os.Stat(file); err != nil {
			t.Fatalf("%q deleted the file", args)
		}
	}
	if _, err := os.Stat(filepath.Join(data, "missing.db")); err == nil {
		t.Error("a database was made")
	}
	wantCount(t, reportOf(t, data, 0, "media", "gc", "--all"), "files", 1)
}
