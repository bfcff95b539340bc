package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

const (
	secretMark  = "mhr_" // so that people and leak scanners recognize a refresh token
	secretBytes = 32
)

// NewSecret returns an opaque secret of 256 random bits, such as a refresh token: the plain text
// for the client and the hash to store.
func NewSecret() (plain, hash string) {
	plain = secretMark + base64.RawURLEncoding.EncodeToString(randomBytes(secretBytes))
	return plain, digest(plain)
}

// NextSecret returns the secret that follows a spent one: always the same for the same spent secret
// and key, and unpredictable without the key, so that it need not be stored.
func (s *Signer) NextSecret(spent string) (plain, hash string) {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("masthead next refresh token\x00" + spent))
	plain = secretMark + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	return plain, digest(plain)
}

// HashSecret returns the hash that NewSecret returned for the same plain text. It is not ok if
// plain cannot have come from NewSecret; then there is nothing to look up. A fast hash is enough:
// 256 random bits cannot be guessed.
func HashSecret(plain string) (hash string, ok bool) {
	body, ok := strings.CutPrefix(plain, secretMark)
	if !ok || len(body) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return "", false
	}
	// The check of the length excludes line breaks, which the decoder would skip.
	if raw, err := base64.RawURLEncoding.Strict().DecodeString(body); err != nil ||
		len(raw) != secretBytes {
		return "", false
	}
	return digest(plain), true
}

func digest(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// RandomPassword returns a password of 100 random bits that can be read aloud and typed: four
// groups of five lower-case letters and digits (2 to 7 only, so that none looks like a letter),
// separated by hyphens.
func RandomPassword() string {
	text := strings.ToLower(rand.Text())
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:20]}, "-")
}
