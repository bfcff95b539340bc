package auth

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	maxKeyFile     = 4 << 10 // bytes
	minKeyStrength = 16      // guesses, as a power of ten
)

// sampleKeys are what secret keys in sample files hold, without the marks between words.
var sampleKeys = []string{
	"changeme", "changethis", "changeit", "replaceme", "replacethis", "replacewith", "example", "sample", "placeholder",
	"yoursecret", "yourkey", "secretkey", "mysecret", "supersecret", "topsecret", "insecure", "notasecret", "notsecure",
	"donotuse", "dontuse", "atleast32", "thisisa", "signingkey", "developmentkey", "testkey",
}

// Derive makes the 32-byte key for one purpose out of the one secret the operator keeps (HKDF with SHA-256, RFC 5869).
// Another purpose gives an unrelated key. A master of less than 32 bytes and an empty purpose are refused.
func Derive(master []byte, purpose string) ([]byte, error) {
	if len(master) < minKey || purpose == "" {
		return nil, fmt.Errorf("deriving the key %q: it takes a purpose and a secret of at least %d bytes", purpose, minKey)
	}
	key, err := hkdf.Key(sha256.New, master, nil, "masthead "+purpose, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("deriving the key %q: %w", purpose, err)
	}
	return key, nil
}

// ParseKey takes a secret as an operator sets it: the bytes of the text, without line ends behind it. It refuses less
// than 32 bytes and what looks like a sample or is not random, with a sentence that says how to make a good one.
func ParseKey(s string) ([]byte, error) {
	s = strings.TrimRight(s, "\r\n")
	const advice = "make one with: openssl rand -base64 48"
	if len(s) < minKey {
		return nil, fmt.Errorf("the secret key has %d bytes, and it needs at least %d; %s", len(s), minKey, advice)
	}
	letters := strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(strings.ToLower(s))
	for _, sample := range sampleKeys {
		if strings.Contains(letters, sample) {
			return nil, fmt.Errorf("the secret key looks like a sample (%q is in it); %s", sample, advice)
		}
	}
	if strength(s, nil) < minKeyStrength {
		return nil, fmt.Errorf("the secret key is made of repeats, runs or common words; %s", advice)
	}
	return []byte(s), nil
}

// LoadOrMakeKey reads the key in a file, or makes the file with a new random key of 32 bytes if there is none. Whoever
// asks at the same time, in this process or another, gets the same key; made is true for the one whose key it is. The
// file is base64, readable by its owner only; a file that others can read or that holds less than 32 bytes is refused
// with a sentence that says how to mend it.
func LoadOrMakeKey(path string) (key []byte, made bool, err error) {
	key, err = loadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	if made, err = makeKey(path); err != nil {
		return nil, false, fmt.Errorf("making the key file %s: %w", path, err)
	}
	// Always the file's key, never the one in memory: another process may have been first.
	key, err = loadKey(path)
	return key, made, err
}

func loadKey(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the key file: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("opening the key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the key file %s is not a file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("the key file %s is open to others (mode %04o); close it with: chmod 600 %s", path, mode, path)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < minKey || len(text) > maxKeyFile {
		return nil, fmt.Errorf("the key file %s does not hold %d bytes in base64; put the right one back, or remove it to get a new one, "+
			"which ends every session", path, minKey)
	}
	return key, nil
}

// makeKey puts a new key into place as a whole, so that nobody can see half of it and a crash leaves no empty file. It
// answers false where a file is there already.
func makeKey(path string) (bool, error) {
	text := base64.StdEncoding.EncodeToString(random(minKey)) + "\n"
	dir := filepath.Dir(path)
	temporary, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // 0600
	if err != nil {
		return false, fmt.Errorf("making a temporary file: %w", err)
	}
	defer os.Remove(temporary.Name())
	if err := fill(temporary, text); err != nil {
		return false, err
	}
	// A link fails where the name is taken; a rename would put our key in place of another's.
	err = os.Link(temporary.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = makeBare(path, text) // a file system without links
	}
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, syncDir(dir)
}

// makeBare writes the file where it will stay. Whoever reads it in the same instant may find it cut short and be told so.
func makeBare(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("making the file: %w", err)
	}
	if err := fill(file, text); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// fill writes a file through to the disk and closes it.
func fill(file *os.File, text string) error {
	_, writeErr := file.WriteString(text)
	if err := errors.Join(writeErr, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	return nil
}

// syncDir makes a new name in a directory last.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" { // it cannot open directories
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("writing the directory: %w", err)
	}
	return nil
}
