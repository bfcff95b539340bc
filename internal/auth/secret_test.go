package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestSecretIsKnownByItsHash(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^mhr_[A-Za-z0-9_-]{43}$`)
	seen := map[string]bool{}
	for range 100 {
		plain, hash := NewSecret()
		sum := sha256.Sum256([]byte(plain))
		if !shape.MatchString(plain) || hash != hex.EncodeToString(sum[:]) {
			t.Errorf("secret %q, hash %q", plain, hash)
		}
		if again, ok := HashSecret(plain); !ok || again != hash {
			t.Errorf("HashSecret(%q) = %q, %v; want %q", plain, again, ok, hash)
		}
		if seen[plain] {
			t.Errorf("%q was made twice", plain)
		}
		seen[plain] = true
	}
}

func TestWhatCannotBeASecretIsNotHashed(t *testing.T) {
	t.Parallel()
	zero := secretMark + strings.Repeat("A", 43)
	if _, ok := HashSecret(zero); !ok {
		t.Fatalf("%q is not ok, so the cases prove nothing", zero)
	}
	for name, plain := range map[string]string{
		"empty": "", "only the mark": "mhr_", "no mark": strings.Repeat("A", 43),
		"another mark": "mhk_" + zero[4:], "capital mark": "MHR_" + zero[4:],
		"too short": zero[:46], "too long": zero + "A", "padded": zero[:46] + "=",
		"space before": " " + zero, "line break behind": zero + "\n",
		"line break inside": zero[:20] + "\n" + zero[21:],
		"other alphabet":    zero[:20] + "+" + zero[21:], "loose last bits": zero[:46] + "B",
		"megabyte": secretMark + strings.Repeat("A", 1<<20),
	} {
		if hash, ok := HashSecret(plain); ok || hash != "" {
			t.Errorf("%s: %q, %v", name, hash, ok)
		}
	}
}

func TestRandomPasswordCanBeReadAndUsed(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z2-7]{5}(-[a-z2-7]{5}){3}$`)
	seen := map[string]bool{}
	for range 1000 {
		password := RandomPassword()
		if !shape.MatchString(password) || seen[password] {
			t.Errorf("%q is of another shape or was made before", password)
		}
		if groups := strings.Split(password, "-"); len(
			slices.Compact(slices.Sorted(slices.Values(groups))),
		) != 4 {
			t.Errorf("%q says a group twice", password)
		}
		if err := CheckPassword(password, "demo@example.org", "Demo"); err != nil {
			t.Errorf("%q: %v", password, err)
		}
		seen[password] = true
	}
}
