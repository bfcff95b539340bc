package auth

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestDerivedKeysAreStableAndUnrelated(t *testing.T) {
	t.Parallel()
	jwtKey, err := Derive(testKey(), "jwt")
	if err != nil {
		t.Fatal(err)
	}
	// Kept here because another value would end every session at the next update.
	const want = "0d587ef506114a053d0f0924e1444e8d0446e74b9d17ff2e89e0d3724b68b028"
	if got := hex.EncodeToString(jwtKey); got != want {
		t.Errorf("the key for jwt is now %s", got)
	}
	other, err := Derive(testKey(), "cursor")
	if err != nil || bytes.Equal(other, jwtKey) || len(other) != 32 {
		t.Errorf("the key for cursor: %x, %v", other, err)
	}
	master := testKey()
	master[31] ^= 1
	if other, err = Derive(master, "jwt"); err != nil || bytes.Equal(other, jwtKey) {
		t.Errorf("the key of another master: %x, %v", other, err)
	}
	for _, c := range []struct {
		master  []byte
		purpose string
	}{{nil, "jwt"}, {testKey()[:31], "jwt"}, {testKey(), ""}} {
		if key, err := Derive(c.master, c.purpose); err == nil || key != nil {
			t.Errorf("%d bytes for %q: %x, %v", len(c.master), c.purpose, key, err)
		}
	}
}

func TestRandomKeysOfOperatorsAreTaken(t *testing.T) {
	t.Parallel()
	random := rand.NewChaCha8([32]byte{}) // the same in every run
	raw := make([]byte, 48)
	for range 200 {
		random.Read(raw)
		for _, key := range []string{
			base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
			hex.EncodeToString(raw), hex.EncodeToString(raw[:16]),
		} {
			if got, err := ParseKey(key); err != nil || string(got) != key {
				t.Errorf("%q: %q, %v", key, got, err)
			}
		}
	}
	const key = "Zm9yYSByaXZlciBvZiB3b3Jkcw+q7Xk2/81pLdVn"
	for _, end := range []string{"\n", "\r\n", "\n\n"} {
		if got, err := ParseKey(key + end); err != nil || string(got) != key {
			t.Errorf("with %q behind: %q, %v", end, got, err)
		}
	}
}

func TestSampleKeysAreRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"", "short", "Zm9yYSByaXZlciBvZiB3b3Jkcw+q7Xk", "Zm9yYSByaXZlciBvZiB3b3Jkcw+q7Xk\n\n\n",
		strings.Repeat("a", 32), strings.Repeat("0", 64), strings.Repeat("deadbeef", 8),
		strings.Repeat("abc", 20), strings.Repeat(" ", 40),
		"changeme-changeme-changeme-changeme", "CHANGE_ME_to-something-random-please-42",
		"your-secret-key-goes-here-32-bytes!!",
		"my super secret signing phrase 9f3", "replace-me-with-a-long-random-string",
		"this-is-a-test-key-do-not-use-it-x7",
		"01234567890123456789012345678901", "0123456789abcdef0123456789abcdef",
		"abcdefghijklmnopqrstuvwxyz012345",
		"passwordpassword1234passwordpassword", "qwertyuiopasdfghjklzxcvbnm1234567890",
		"abbabaabbaababbabaababbaabbabaababb", "passwordpassword1234-kvxbz-password",
	} {
		if got, err := ParseKey(key); err == nil || got != nil ||
			!strings.Contains(err.Error(), "openssl rand") {
			t.Errorf("%q: %q, %v; want a refusal with advice", key, got, err)
		}
	}
}

func TestKeyFileIsMadeOnceAndReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "secret.key")
	key, made, err := LoadOrMakeKey(path)
	if err != nil || !made || len(key) != 32 {
		t.Fatalf("the first time: %d bytes, made=%v, %v", len(key), made, err)
	}
	again, made, err := LoadOrMakeKey(path)
	if err != nil || made || !bytes.Equal(again, key) {
		t.Errorf("the second time: the same=%v, made=%v, %v", bytes.Equal(again, key), made, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != base64.StdEncoding.EncodeToString(key)+"\n" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	onlyFile(t, dir)
	other, _, err := LoadOrMakeKey(filepath.Join(t.TempDir(), "secret.key"))
	if err != nil || bytes.Equal(other, key) {
		t.Errorf("another file has the same key, or %v", err)
	}
}

// onlyFile fails if anything but one file was left in a directory.
func onlyFile(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestTwentyStartsAtOnceGetOneKey(t *testing.T) {
	t.Parallel()
	for range 5 {
		dir := t.TempDir()
		path := filepath.Join(dir, "secret.key")
		const starts = 20
		var keys [starts][]byte
		var made [starts]bool
		var errs [starts]error
		var group sync.WaitGroup
		gate := make(chan struct{})
		for i := range starts {
			group.Go(func() {
				<-gate
				keys[i], made[i], errs[i] = LoadOrMakeKey(path)
			})
		}
		close(gate)
		group.Wait()
		makers := 0
		for i := range starts {
			if errs[i] != nil || len(keys[i]) != 32 || !bytes.Equal(keys[i], keys[0]) {
				t.Fatalf(
					"start %d: %d bytes, the same as the first=%v, %v", i, len(keys[i]),
					bytes.Equal(keys[i], keys[0]), errs[i],
				)
			}
			if made[i] {
				makers++
			}
		}
		if makers != 1 {
			t.Errorf("%d of them say they made it, want one", makers)
		}
		onlyFile(t, dir)
	}
}

func TestFileSystemWithoutLinksStillKeepsTheFirstKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret.key")
	first := base64.StdEncoding.EncodeToString(testKey()) + "\n"
	if err := createExclusive(path, first); err != nil {
		t.Fatal(err)
	}
	if err := createExclusive(path, "another"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the second: %v, want that it exists", err)
	}
	if key, made, err := LoadOrMakeKey(path); err != nil || made || !bytes.Equal(key, testKey()) {
		t.Errorf("%q, made=%v, %v", key, made, err)
	}
}

func TestKeyFileOpenToOthersIsRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("file modes mean nothing here")
	}
	path := filepath.Join(t.TempDir(), "secret.key")
	if _, _, err := LoadOrMakeKey(path); err != nil {
		t.Fatal(err)
	}
	for mode, good := range map[os.FileMode]bool{
		0o600: true, 0o400: true, 0o640: true, 0o440: true, 0o604: false, 0o660: false, 0o644: false,
		0o601: false,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		key, made, err := LoadOrMakeKey(path)
		if made || (err == nil) != good ||
			!good && (key != nil || !strings.Contains(err.Error(), "chmod 600 "+path)) {
			t.Errorf("mode %v: made=%v, %v", mode, made, err)
		}
	}
}

func TestBadKeyFileIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "31 bytes": base64.StdEncoding.EncodeToString(make([]byte, 31)),
		"not base64": strings.Repeat("not base64! ", 5),
		"cut short":  base64.StdEncoding.EncodeToString(make([]byte, 32))[:40] + "x",
		"two lines":  strings.Repeat("a", 44) + "\n" + "!",
		"huge":       strings.Repeat("A", 4096) + "\n" + strings.Repeat("A", 1<<20),
	} {
		path := filepath.Join(t.TempDir(), "secret.key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		key, made, err := LoadOrMakeKey(path)
		if err == nil || made || key != nil {
			t.Errorf("%s: %d bytes, made=%v, %v", name, len(key), made, err)
		}
		if after, readErr := os.ReadFile(path); readErr != nil || string(after) != text {
			t.Errorf("%s: the file was changed", name)
		}
		if err != nil && len(text) > 0 && strings.Contains(err.Error(), text) {
			t.Errorf("%s: the error tells what is in the file: %v", name, err)
		}
	}
	dir := t.TempDir()
	if _, _, err := LoadOrMakeKey(dir); err == nil {
		t.Error("a directory is read as a key")
	}
	if _, _, err := LoadOrMakeKey(filepath.Join(dir, "missing", "secret.key")); err == nil {
		t.Error("a directory that is missing makes no error")
	}
}
