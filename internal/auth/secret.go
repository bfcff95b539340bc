package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

const (
	secretMark  = "mhr_" // so that people and leak scanners know a refresh token when they see one
	secretBytes = 32
)

// NewSecret makes an opaque secret of 256 random bits, such as a refresh token: the plain text to hand out and the hash
// to keep in its place.
func NewSecret() (plain, hash string) {
	plain = secretMark + base64.RawURLEncoding.EncodeToString(random(secretBytes))
	return plain, digest(plain)
}

// HashSecret answers the hash that NewSecret answered for the same plain text. It is not ok if plain cannot have come
// from NewSecret; there is nothing to look up then. A fast hash is enough: 256 random bits cannot be guessed.
func HashSecret(plain string) (hash string, ok bool) {
	body, ok := strings.CutPrefix(plain, secretMark)
	if !ok || len(body) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return "", false
	}
	// The length tells line breaks apart, which the decoder would skip.
	if raw, err := base64.RawURLEncoding.Strict().DecodeString(body); err != nil || len(raw) != secretBytes {
		return "", false
	}
	return digest(plain), true
}

func digest(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// RandomPassword makes a password of 100 random bits that can be read aloud and typed: four groups of five small
// letters and digits (2 to 7 only, so that none is taken for a letter), with dashes between.
func RandomPassword() string {
	text := strings.ToLower(rand.Text())
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:20]}, "-")
}
