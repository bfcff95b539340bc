package auth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"pgregory.net/rapid"
)

func noon() time.Time { return time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC) }

func testKey() []byte { return []byte("0f8a5c7e91b34d26a7c0e5f1932b48d6") }

func newSigner(t testing.TB, key []byte) *Signer {
	t.Helper()
	s, err := NewSigner(key)
	if err != nil {
		t.Fatalf("NewSigner: %v", err)
	}
	return s
}

func issue(t testing.TB, s *Signer) string {
	t.Helper()
	token, _, err := s.Issue("u-1", "s-1", 3, noon())
	if err != nil {
		t.Fatalf("Issue: %v", err)
	}
	return token
}

func TestTokenSaysWhatWasIssued(t *testing.T) {
	t.Parallel()
	s := newSigner(t, testKey())
	rapid.Check(t, func(t *rapid.T) {
		user := rapid.StringN(1, 200, 800).Draw(t, "user")
		session := rapid.StringN(1, 200, 800).Draw(t, "session")
		version := rapid.Int64().Draw(t, "version")
		now := noon().Add(time.Duration(rapid.Int64Range(-1e17, 1e17).Draw(t, "now")))
		token, expires, err := s.Issue(user, session, version, now)
		if err != nil {
			t.Fatalf("Issue: %v", err)
		}
		whole := now.Truncate(time.Second)
		want := Claims{
			User:           user,
			Session:        session,
			SessionVersion: version,
			IssuedAt:       whole,
			ExpiresAt:      whole.Add(10 * time.Minute),
		}
		got, err := s.Parse(token, now)
		if err != nil || got != want || !expires.Equal(want.ExpiresAt) {
			t.Fatalf("Parse = %+v, %v; expires %v; want %+v", got, err, expires, want)
		}
	})
}

func TestTokenIsGoodForTenMinutesAndThirtySeconds(t *testing.T) {
	t.Parallel()
	s := newSigner(t, testKey())
	token := issue(t, s)
	for after, good := range map[time.Duration]bool{
		-31 * time.Second: false, -30 * time.Second: true, 0: true, 10 * time.Minute: true,
		10*time.Minute + 29*time.Second: true, 10*time.Minute + 30*time.Second: false,
		24 * time.Hour: false,
	} {
		remembers := newSigner(t, testKey())
		if _, err := remembers.Parse(token, noon()); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*Signer{s, remembers} {
			if _, err := s.Parse(token, noon().Add(after)); (err == nil) != good ||
				err != nil && !errors.Is(err, ErrBadToken) {
				t.Errorf("%v after it was issued: %v, want good=%v", after, err, good)
			}
		}
	}
}

func TestTokenIsRefusedByAnotherKey(t *testing.T) {
	t.Parallel()
	other := testKey()
	other[0] ^= 1
	if _, err := newSigner(t, other).Parse(issue(t, newSigner(t, testKey())), noon()); !errors.Is(
		err, ErrBadToken,
	) {
		t.Errorf("another key: %v, want ErrBadToken", err)
	}
	same := newSigner(t, testKey())
	if _, err := same.Parse(issue(t, newSigner(t, testKey())), noon()); err != nil {
		t.Errorf("another signer of the same key: %v", err)
	}
}

func TestSignerKeepsItsOwnCopyOfTheKey(t *testing.T) {
	t.Parallel()
	key := testKey()
	s := newSigner(t, key)
	token := issue(t, s)
	clear(key)
	if _, err := s.Parse(token, noon()); err != nil {
		t.Errorf("after the caller wiped its key: %v", err)
	}
}

func TestShortSigningKeyIsRefused(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 16, 31} {
		if _, err := NewSigner(make([]byte, n)); err == nil {
			t.Errorf("a key of %d bytes is accepted", n)
		}
	}
}

func TestTokenWithoutWhomOrTooLongIsNotIssued(t *testing.T) {
	t.Parallel()
	s := newSigner(t, testKey())
	for _, who := range [][2]string{
		{"", "s"}, {"u", ""}, {"\xff", "s"}, {"u", "\xff"}, {strings.Repeat("u", 4096), "s"},
	} {
		if token, _, err := s.Issue(who[0], who[1], 1, noon()); err == nil || token != "" {
			t.Errorf("user %.10q, session %.10q: %q, %v", who[0], who[1], token, err)
		}
	}
}

// forger writes tokens by hand, with the right key and with whatever else is asked for.
type forger struct {
	key    []byte
	header string
	claims string
}

func newForger(t testing.TB) forger {
	t.Helper()
	s := newSigner(t, testKey())
	return forger{
		key:    testKey(),
		header: fmt.Sprintf(`{"alg":"HS256","kid":"%s","typ":"at+jwt"}`, s.kid),
		claims: `{"iss":"masthead","aud":"masthead","sub":"u-1","sid":"s-1","sv":3,` +
			`"iat":1773316800,"exp":1773317400}`,
	}
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// sign makes a token that is rightly signed with HS256 whatever its header says.
func (f forger) sign(header, claims string) string { return f.signRaw(b64(header), b64(claims)) }

func (f forger) signRaw(header, claims string) string {
	mac := hmac.New(sha256.New, f.key)
	mac.Write([]byte(header + "." + claims))
	return header + "." + claims + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// with is the good header or claims with one piece replaced.
func with(t testing.TB, text, old, new string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q is not once in %s", old, text)
	}
	return strings.Replace(text, old, new, 1)
}

func TestForgerWritesWhatIssueWrites(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	forged, issued := f.sign(f.header, f.claims), issue(t, newSigner(t, testKey()))
	if forged != issued {
		t.Fatalf("the forgeries below would prove nothing:\nforged %s\nreal   %s", forged, issued)
	}
}

func refuseAll(t *testing.T, forgeries map[string]string) {
	t.Helper()
	s := newSigner(t, testKey())
	for name, token := range forgeries {
		claims, err := s.Parse(token, noon())
		if !errors.Is(err, ErrBadToken) || claims != (Claims{}) {
			t.Errorf("%s: %+v, %v; want ErrBadToken", name, claims, err)
		}
	}
}

func TestForgedHeadersAreRefused(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	alg := func(name string) string { return with(t, f.header, "HS256", name) }
	add := func(member string) string { return with(t, f.header, "}", ","+member+"}") }
	kid := newSigner(t, testKey()).kid
	mark := func(value string) string { return with(t, f.header, `"`+kid+`"`, value) }
	headers := map[string]string{
		"alg none": alg("none"), "alg None": alg("None"), "alg NONE": alg("NONE"),
		"alg empty": alg(""), "alg hs256": alg("hs256"),
		"alg HS384": alg("HS384"), "alg HS512": alg("HS512"), "alg RS256": alg("RS256"),
		"alg ES256": alg("ES256"),
		"alg PS256": alg("PS256"), "alg EdDSA": alg("EdDSA"), "alg with a space": alg("HS256 "),
		"alg with a zero":        alg(`HS256\u0000`),
		"alg null":               with(t, f.header, `"HS256"`, "null"),
		"alg array":              with(t, f.header, `"HS256"`, `["HS256"]`),
		"no alg":                 with(t, f.header, `"alg":"HS256",`, ""),
		"alg twice":              with(t, f.header, `"alg":"HS256"`, `"alg":"none","alg":"HS256"`),
		"alg in capitals":        with(t, f.header, `"alg"`, `"ALG"`),
		"typ JWT":                with(t, f.header, "at+jwt", "JWT"),
		"typ of a refresh token": with(t, f.header, "at+jwt", "rt+jwt"),
		"typ AT+JWT":             with(t, f.header, "at+jwt", "AT+JWT"),
		"typ with application":   with(t, f.header, "at+jwt", "application/at+jwt"),
		"no typ": with(
			t, f.header, `,"typ":"at+jwt"`, "",
		), "typ twice": add(`"typ":"at+jwt"`),
		"no kid": with(t, f.header, `"kid":"`+kid+`",`, ""), "kid empty": mark(`""`),
		"kid null": mark("null"), "kid number": mark("0"),
		"kid unknown": mark(`"000000000000"`), "kid a path": mark(`"../../../../dev/null"`),
		"kid SQL":       mark(`"x' UNION SELECT 'key'--"`),
		"kid a command": mark(`"|/bin/true"`), "kid array": mark(`["` + kid + `"]`),
		"kid in capitals": mark(`"` + strings.ToUpper(kid) + `X"`),
		"kid twice":       with(t, f.header, `"kid"`, `"kid":"x","kid"`),
		"crit":            add(`"crit":["exp"]`), "crit unknown": add(`"crit":["x"],"x":1`),
		"crit empty": add(`"crit":[]`),
		"b64 false":  add(`"b64":false,"crit":["b64"]`), "b64 true": add(`"b64":true`),
		"jwk": add(`"jwk":{"kty":"oct","k":"AAAA"}`),
		"jku": add(`"jku":"https://evil.example/keys"`),
		"x5u": add(`"x5u":"https://evil.example/cert"`), "x5c": add(`"x5c":["AAAA"]`),
		"zip": add(`"zip":"DEF"`), "cty": add(`"cty":"JWT"`),
		"enc": add(`"enc":"A128GCM"`), "unknown member": add(`"x":1`),
		"white space":              with(t, f.header, ":\"HS256\"", ": \"HS256\""),
		"members in another order": `{"typ":"at+jwt","alg":"HS256","kid":"` + kid + `"}`,
		"empty header":             "", "empty object": "{}", "null": "null", "array": "[]",
		"text": "x", "text behind": f.header + "x",
	}
	forgeries := map[string]string{}
	for name, header := range headers {
		forgeries[name] = f.sign(header, f.claims)
		forgeries[name+", no signature"] = b64(header) + "." + b64(f.claims) + "."
	}
	refuseAll(t, forgeries)
}

func TestForgedClaimsAreRefused(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	swap := func(old, new string) string { return f.sign(f.header, with(t, f.claims, old, new)) }
	const iat, exp = `"iat":1773316800`, `"exp":1773317400`
	refuseAll(t, map[string]string{
		"no exp":            swap(","+exp, ""),
		"exp null":          swap(exp, `"exp":null`),
		"exp zero":          swap(exp, `"exp":0`),
		"exp text":          swap(exp, `"exp":"1773317400"`),
		"exp fraction":      swap(exp, `"exp":1773317400.0`),
		"exp power":         swap(exp, `"exp":1.7733174e9`),
		"exp huge":          swap(exp, `"exp":9223372036854775807`),
		"exp over 64 bits":  swap(exp, `"exp":1e400`),
		"exp a year away":   swap(exp, `"exp":1804852800`),
		"exp in the past":   swap(iat+","+exp, `"iat":1773316100,"exp":1773316700`),
		"exp twice":         swap(exp, `"exp":1,`+exp),
		"iat in the future": swap(iat+","+exp, `"iat":1773316831,"exp":1773317431`),
		"no iat":            swap(iat+",", ""),
		"iat null":          swap(iat, `"iat":null`),
		"iat text":          swap(iat, `"iat":"1773316800"`),
		"iat and exp huge": swap(
			iat+","+exp, `"iat":9223372036854775207,"exp":9223372036854775807`,
		),
		"nbf in the future":  swap(exp, exp+`,"nbf":1773320400`),
		"nbf in the past":    swap(exp, exp+`,"nbf":1`),
		"wrong iss":          swap(`"iss":"masthead"`, `"iss":"evil"`),
		"iss empty":          swap(`"iss":"masthead"`, `"iss":""`),
		"no iss":             swap(`"iss":"masthead",`, ""),
		"iss array":          swap(`"iss":"masthead"`, `"iss":["masthead"]`),
		"wrong aud":          swap(`"aud":"masthead"`, `"aud":"other"`),
		"aud longer":         swap(`"aud":"masthead"`, `"aud":"masthead2"`),
		"aud empty":          swap(`"aud":"masthead"`, `"aud":""`),
		"no aud":             swap(`"aud":"masthead",`, ""),
		"aud array":          swap(`"aud":"masthead"`, `"aud":["masthead"]`),
		"aud array of two":   swap(`"aud":"masthead"`, `"aud":["other","masthead"]`),
		"aud null":           swap(`"aud":"masthead"`, `"aud":null`),
		"no sub":             swap(`"sub":"u-1",`, ""),
		"sub empty":          swap(`"sub":"u-1"`, `"sub":""`),
		"sub number":         swap(`"sub":"u-1"`, `"sub":1`),
		"sub null":           swap(`"sub":"u-1"`, `"sub":null`),
		"sub object":         swap(`"sub":"u-1"`, `"sub":{"id":"u-1"}`),
		"sub twice":          swap(`"sub":"u-1"`, `"sub":"u-2","sub":"u-1"`),
		"sub in capitals":    swap(`"sub":"u-1"`, `"SUB":"u-1"`),
		"sub escaped":        swap(`"sub":"u-1"`, `"sub":"u\u002d1"`),
		"sub broken UTF-8":   swap(`"sub":"u-1"`, "\"sub\":\"u\xff1\""),
		"no sid":             swap(`"sid":"s-1",`, ""),
		"sid empty":          swap(`"sid":"s-1"`, `"sid":""`),
		"sid number":         swap(`"sid":"s-1"`, `"sid":7`),
		"no sv":              swap(`"sv":3,`, ""),
		"sv text":            swap(`"sv":3`, `"sv":"3"`),
		"sv fraction":        swap(`"sv":3`, `"sv":3.5`),
		"sv over 64 bits":    swap(`"sv":3`, `"sv":9223372036854775808`),
		"unknown claim":      swap(`"sv":3`, `"sv":3,"role":"admin"`),
		"white space":        swap(`"sv":3`, `"sv": 3`),
		"text behind":        f.sign(f.header, f.claims+"x"),
		"another behind":     f.sign(f.header, f.claims+f.claims),
		"not closed":         f.sign(f.header, f.claims[:len(f.claims)-1]),
		"array":              f.sign(f.header, "["+f.claims+"]"),
		"null":               f.sign(f.header, "null"),
		"empty object":       f.sign(f.header, "{}"),
		"empty":              f.sign(f.header, ""),
		"a text":             f.sign(f.header, `"masthead"`),
		"byte order mark":    f.sign(f.header, "\ufeff"+f.claims),
		"nested deep":        f.sign(f.header, strings.Repeat("[", 2000)),
		"token as the claim": f.sign(f.header, f.sign(f.header, f.claims)),
	})
}

func TestForgedSpellingsAreRefused(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	good := f.sign(f.header, f.claims)
	parts := strings.Split(good, ".")
	header := parts[0]
	claims := parts[1]
	signature := parts[2]
	unsigned := header + "." + claims
	otherAlphabet := strings.NewReplacer("-", "+", "_", "/")
	ofClaims := strings.Split(f.signRaw("", claims), ".")[2]
	last := map[bool]string{true: "B", false: "A"}[strings.HasSuffix(signature, "A")]
	forgeries := map[string]string{
		"empty": "", "a dot": ".", "two dots": "..", "three dots": "...", "one part": header,
		"two parts":    header + "." + claims,
		"no signature": header + "." + claims + ".", "dot behind": good + ".",
		"dot before": "." + good, "four parts": good + "." + signature,
		"five parts, as a JWE": header + "." + claims + "." + signature + ".AAAA.AAAA",
		"no header":            "." + claims + "." + signature,
		"no claims":            header + ".." + signature, "padded signature": good + "=",
		"padded claims": f.signRaw(header, claims+"="),
		"padded header": f.signRaw(header+"=", claims), "space before": " " + good,
		"space behind": good + " ", "line break behind": good + "\n",
		"line break in the signature": unsigned + "." + signature[:9] + "\n" + signature[9:],
		"return in the signature":     unsigned + "." + signature[:9] + "\r" + signature[9:],
		"line break in signed claims": f.signRaw(header, claims[:9]+"\n"+claims[9:]),
		"zero byte behind":            good + "\x00",
		"loose last bits": good[:len(good)-1] + nextLetter(
			signature[len(signature)-1:],
		),
		"another last letter":        good[:len(good)-1] + last,
		"shorter signature":          good[:len(good)-1],
		"half a signature":           good[:len(good)-22],
		"longer signature":           good + "AAAA",
		"base64 of another alphabet": unsigned + "." + otherAlphabet.Replace(signature) + "+",
		"signature of nothing":       header + "." + claims + "." + strings.Repeat("A", 43),
		"Bearer before":              "Bearer " + good,
		"in quotes":                  `"` + good + `"`,
		"JSON serialisation": `{"protected":"` + header + `","payload":"` + claims +
			`","signature":"` + signature + `"}`,
		"small letters":                 strings.ToLower(good),
		"signature of the claims alone": unsigned + "." + ofClaims,
		"a megabyte of dots":            strings.Repeat(".", 1<<20),
		"a megabyte behind":             good + strings.Repeat("A", 1<<20),
		"a megabyte of claims, signed": f.sign(
			f.header, with(t, f.claims, "u-1", strings.Repeat("u", 1<<20)),
		),
		"over 4 KiB, signed": f.sign(
			f.header, with(t, f.claims, "u-1", strings.Repeat("u", 3<<10)),
		),
	}
	refuseAll(t, forgeries)
}

// nextLetter is the base64url letter after this one: with 43 letters for 32 bytes it decodes to the
// same bytes unless the decoder is strict.
func nextLetter(letter string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(letters[strings.Index(letters, letter)+1])
}

func TestEveryFlippedBitIsSeen(t *testing.T) {
	t.Parallel()
	s := newSigner(t, testKey())
	good := issue(t, s)
	if _, err := s.Parse(good, noon()); err != nil { // and is remembered
		t.Fatal(err)
	}
	for i := range good {
		for bit := range 8 {
			bad := []byte(good)
			bad[i] ^= 1 << bit
			if _, err := s.Parse(string(bad), noon()); !errors.Is(err, ErrBadToken) {
				t.Fatalf("bit %d of byte %d: %v", bit, i, err)
			}
		}
	}
}

func TestTokensOfOtherAlgorithmsAreRefused(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	forgeries := map[string]string{}
	for method, key := range map[jwt.SigningMethod]any{
		jwt.SigningMethodHS384: f.key, jwt.SigningMethodHS512: f.key,
		jwt.SigningMethodRS256: rsaKey, jwt.SigningMethodPS256: rsaKey,
		jwt.SigningMethodES256: ecKey, jwt.SigningMethodEdDSA: crypto.Signer(edKey),
		jwt.SigningMethodNone: jwt.UnsafeAllowNoneSignatureType,
	} {
		token := newSigner(t, f.key).unsigned(&wireClaims{
			Issuer: issuer, Audience: issuer, Subject: "u-1", Session: "s-1",
			IssuedAt: noon().Unix(), ExpiresAt: noon().Add(TokenLife).Unix(),
		})
		token.Method = method
		honest, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		forgeries[method.Alg()+" under the header of HS256"] = honest
		token.Header["alg"] = method.Alg()
		if forgeries[method.Alg()], err = token.SignedString(key); err != nil {
			t.Fatal(err)
		}
	}
	mac := hmac.New(sha512.New384, f.key)
	mac.Write([]byte(b64(f.header) + "." + b64(f.claims)))
	forgeries["the first half of a longer sum"] = b64(
		f.header,
	) + "." + b64(
		f.claims,
	) + "." + base64.RawURLEncoding.EncodeToString(
		mac.Sum(nil)[:32],
	)
	refuseAll(t, forgeries)
}

// The header comparison hides the checks behind it; this one holds those alone to account.
func TestParserRefusesForgeriesWithoutTheHeaderComparison(t *testing.T) {
	t.Parallel()
	f := newForger(t)
	s := newSigner(t, f.key)
	parse := func(token string) error {
		var said wireClaims
		_, err := s.parser(noon()).
			ParseWithClaims(token, &said, func(*jwt.Token) (any, error) { return s.key, nil })
		return err
	}
	for name, c := range map[string]struct {
		claims string
		want   error
	}{
		"wrong iss": {with(t, f.claims, `"iss":"masthead"`, `"iss":"x"`),
			jwt.ErrTokenInvalidIssuer},
		"wrong aud": {with(t, f.claims, `"aud":"masthead"`, `"aud":"x"`),
			jwt.ErrTokenInvalidAudience},
		"expired":   {with(t, f.claims, "1773317400", "1773316700"), jwt.ErrTokenExpired},
		"iat later": {with(t, f.claims, "1773316800", "1773316831"), jwt.ErrTokenUsedBeforeIssued},
		"no exp":    {with(t, f.claims, `,"exp":1773317400`, ""), errTokenClaims},
	} {
		if err := parse(f.sign(f.header, c.claims)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for _, method := range []jwt.SigningMethod{jwt.SigningMethodHS384, jwt.SigningMethodHS512} {
		token := s.unsigned(&wireClaims{
			Issuer: issuer, Audience: issuer, Subject: "u-1", Session: "s-1",
			IssuedAt: noon().Unix(), ExpiresAt: noon().Add(TokenLife).Unix(),
		})
		token.Method, token.Header["alg"] = method, method.Alg()
		honest, err := token.SignedString(s.key)
		if err != nil {
			t.Fatal(err)
		}
		if err := parse(honest); !errors.Is(err, jwt.ErrTokenSignatureInvalid) {
			t.Errorf("%s, honestly signed: %v", method.Alg(), err)
		}
	}
}

// Not parallel: it counts allocations.
func TestHugeTokensAreRefusedWithoutMemory(t *testing.T) {
	s := newSigner(t, testKey())
	good := issue(t, s)
	for name, token := range map[string]string{
		"a megabyte of dots":                strings.Repeat(".", 1<<20),
		"4 KiB of dots":                     strings.Repeat(".", 4<<10),
		"a good one and a megabyte of dots": good + strings.Repeat(".", 1<<20),
		"another header":                    "e30." + good,
	} {
		if n := testing.AllocsPerRun(10, func() { _, _ = s.Parse(token, noon()) }); n != 0 {
			t.Errorf("%s: %v allocations, want none", name, n)
		}
	}
}

func TestKeyIsNotInItsOwnName(t *testing.T) {
	t.Parallel()
	s := newSigner(t, testKey())
	header, err := base64.RawURLEncoding.DecodeString(s.header)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(header, testKey()[:6]) || len(s.kid) != 12 {
		t.Errorf("header %s, kid %q", header, s.kid)
	}
}

func FuzzParse(f *testing.F) {
	s := newSigner(f, testKey())
	forge := newForger(f)
	good := issue(f, s)
	f.Add(good)
	f.Add(good + "\n")
	f.Add(forge.sign(forge.header, `{"sub":1}`))
	f.Add(strings.Repeat(".", 5000))
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := s.Parse(token, noon())
		switch {
		case err == nil && token != good:
			t.Errorf("forged: %q says %+v", token, claims)
		case err != nil && (!errors.Is(err, ErrBadToken) || claims != (Claims{})):
			t.Errorf("%q: %+v, %v", token, claims, err)
		}
		// The same claims rightly signed: nothing but our own spelling may pass, whatever the text
		// says.
		signed := forge.sign(forge.header, token)
		if claims, err := s.Parse(signed, noon()); err == nil {
			again, _, err := s.Issue(
				claims.User, claims.Session, claims.SessionVersion, claims.IssuedAt,
			)
			if err != nil || again != signed {
				t.Errorf("%q is good but Issue writes %q, %v", signed, again, err)
			}
		}
	})
}
