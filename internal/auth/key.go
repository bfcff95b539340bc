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

// sampleKeys are parts of secret keys in sample files, without the separators between words.
var sampleKeys = []string{
	"changeme", "changethis", "changeit", "replaceme", "replacethis", "replacewith", "example",
	"sample", "placeholder",
	"yoursecret", "yourkey", "secretkey", "mysecret", "supersecret", "topsecret", "insecure",
	"notasecret", "notsecure",
	"donotuse", "dontuse", "atleast32", "thisisa", "signingkey", "developmentkey", "testkey",
}

// Derive returns the 32-byte key for one purpose, derived from the operator's secret (HKDF with
// SHA-256, RFC 5869). Another purpose gives an unrelated key. A master of less than 32 bytes or an
// empty purpose is an error.
func Derive(master []byte, purpose string) ([]byte, error) {
	if len(master) < minKey || purpose == "" {
		return nil, fmt.Errorf(
			"deriving the key %q: it needs a purpose and a secret of at least %d bytes", purpose,
			minKey,
		)
	}
	key, err := hkdf.Key(sha256.New, master, nil, "masthead "+purpose, sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("deriving the key %q: %w", purpose, err)
	}
	return key, nil
}

// ParseKey returns a secret that an operator has set: the bytes of the text without trailing line
// breaks. It refuses less than 32 bytes and what looks like a sample or is not random; the error
// says how to make a good key.
func ParseKey(s string) ([]byte, error) {
	s = strings.TrimRight(s, "\r\n")
	const advice = "make one with: openssl rand -base64 48"
	if len(s) < minKey {
		return nil, fmt.Errorf(
			"the secret key has %d bytes and needs at least %d; %s", len(s), minKey, advice,
		)
	}
	letters := strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(strings.ToLower(s))
	for _, sample := range sampleKeys {
		if strings.Contains(letters, sample) {
			return nil, fmt.Errorf(
				"the secret key looks like a sample (%q is in it); %s", sample, advice,
			)
		}
	}
	if strength(s, nil) < minKeyStrength {
		return nil, fmt.Errorf(
			"the secret key is made of repeats, runs or common words; %s", advice,
		)
	}
	return []byte(s), nil
}

// LoadOrMakeKey reads the key in a file, or creates the file with a new random key of 32 bytes if
// there is none. Callers at the same time, in this process or another, get the same key; made is
// true for the one that created it. The file is base64, readable by its owner only. A file that
// others than its owner's group can read or that has less than 32 bytes is an error that says how
// to correct it.
func LoadOrMakeKey(path string) (key []byte, made bool, err error) {
	key, err = loadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	if made, err = makeKey(path); err != nil {
		return nil, false, fmt.Errorf("making the key file %s: %w", path, err)
	}
	// Always read the key back from the file: another process may have been first.
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
		return nil, fmt.Errorf("the key file %s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o037 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf(
			"the key file %s is open to others (mode %04o); close it with: chmod 600 %s", path,
			mode, path,
		)
	}
	text, err := io.ReadAll(io.LimitReader(file, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the key file: %w", err)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < minKey || len(text) > maxKeyFile {
		return nil, fmt.Errorf(
			"the key file %s does not hold %d bytes in base64; put the right one back, "+
				"or remove it to get a new one, which ends every session",
			path,
			minKey,
		)
	}
	return key, nil
}

// makeKey creates the file atomically, so that nobody can read half a key and a crash leaves no
// empty file. It returns false if the file exists already.
func makeKey(path string) (bool, error) {
	text := base64.StdEncoding.EncodeToString(randomBytes(minKey)) + "\n"
	dir := filepath.Dir(path)
	temporary, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // 0600
	if err != nil {
		return false, fmt.Errorf("making a temporary file: %w", err)
	}
	defer os.Remove(temporary.Name())
	if err := writeSynced(temporary, text); err != nil {
		return false, err
	}
	// A link fails if the name is taken; a rename would overwrite the key of another process.
	err = os.Link(temporary.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = createExclusive(path, text) // a file system without links
	}
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, syncDir(dir)
}

// createExclusive writes the file in place. A process that reads it in the same instant may find it
// incomplete, which is an error.
func createExclusive(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("making the file: %w", err)
	}
	if err := writeSynced(file, text); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// writeSynced writes a file, syncs it to disk and closes it.
func writeSynced(file *os.File, text string) error {
	_, writeErr := file.WriteString(text)
	if err := errors.Join(writeErr, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	return nil
}

// syncDir makes a new name in a directory durable.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" { // directories cannot be opened
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
