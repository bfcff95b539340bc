package auth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/masthead-cms/masthead/internal/corpora"
)

// vectors is a file of Project Wycheproof's JOSE tests.
type vectors struct {
	TestGroups []struct {
		Private json.RawMessage
		Tests   []struct {
			ID  int `json:"tcId"`
			JWS json.RawMessage
			JWE json.RawMessage
		}
	}
}

func TestWycheproofTokensAreRefused(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(corpora.Path(t, "hostile-wycheproof-jose"), "testvectors_v1")
	seen, keyed := 0, 0
	for _, name := range []string{"json_web_crypto_test.json", "json_web_key_test.json"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		var file vectors
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, group := range file.TestGroups {
			// Ours, and one that holds the very key the tokens were signed with.
			signers := []*Signer{newSigner(t, testKey())}
			for _, key := range symmetricKeys(group.Private) {
				if s, err := NewSigner(key); err == nil {
					signers = append(signers, s)
					keyed++
				}
			}
			for _, test := range group.Tests {
				for _, raw := range []json.RawMessage{test.JWS, test.JWE} {
					if raw == nil {
						continue
					}
					token := string(raw)
					var plain string
					if json.Unmarshal(raw, &plain) == nil {
						token = plain
					}
					seen++
					for _, s := range signers {
						if claims, err := s.Parse(token, noon()); !errors.Is(err, ErrBadToken) {
							t.Errorf("%s, test %d: %+v, %v", name, test.ID, claims, err)
						}
					}
				}
			}
		}
	}
	if seen < 100 || keyed < 5 {
		t.Errorf(
			"only %d tokens and %d groups with a symmetric key were found: is the file read right?",
			seen, keyed,
		)
	}
}

// symmetricKeys are the keys of kind oct in a JWK or a set of them.
func symmetricKeys(text json.RawMessage) [][]byte {
	var set struct {
		K    string
		Keys []struct{ K string }
	}
	if json.Unmarshal(text, &set) != nil {
		return nil
	}
	var keys [][]byte
	for _, one := range append(set.Keys, struct{ K string }{set.K}) {
		if key, err := base64.RawURLEncoding.DecodeString(one.K); err == nil && len(key) > 0 {
			keys = append(keys, key)
		}
	}
	return keys
}
