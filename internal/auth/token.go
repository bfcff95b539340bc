package auth

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"
)

// ErrBadToken means that an access token proves nothing. What is wrapped beside it says why, for the log only.
var ErrBadToken = errors.New("not a valid access token")

// TokenLife is how long an access token is good for.
const TokenLife = 10 * time.Minute

const (
	leeway   = 30 * time.Second // how far two clocks may be apart
	maxToken = 4 << 10          // bytes
	minKey   = 32               // bytes
	party    = "masthead"       // both issuer and audience: the tokens are for ourselves
)

// The faults that are found before any work is done; made once, so that refusing costs no memory.
var (
	errTokenLength  = fmt.Errorf("%w: longer than 4 KiB", ErrBadToken)
	errTokenHeader  = fmt.Errorf("%w: its header is not the one this server writes", ErrBadToken)
	errTokenBreak   = fmt.Errorf("%w: a line break inside", ErrBadToken)
	errTokenClaims  = errors.New("the claims are not spelled as this server spells them")
	errTokenSubject = fmt.Errorf("%w: no user or no session", ErrBadToken)
	errTokenLife    = fmt.Errorf("%w: its life is not %v", ErrBadToken, TokenLife)
)

// Claims are what an access token says, once Parse has found it good.
type Claims struct {
	User           string
	Session        string
	SessionVersion int64 // to be compared with the user's present one: a change of password or role raises that
	IssuedAt       time.Time
	ExpiresAt      time.Time
}

// Signer makes and checks access tokens: JWT (RFC 7519) signed with HS256, of type at+jwt. It is safe for concurrent use.
type Signer struct {
	key    []byte
	kid    string
	header string // the first segment of every token, and of no other
	proven proven
}

// NewSigner makes a Signer of a key of at least 32 bytes; use Derive for a key that serves nothing else.
func NewSigner(key []byte) (*Signer, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf("a signing key of %d bytes is too short: %d are needed", len(key), minKey)
	}
	sum := sha256.Sum256(append([]byte("masthead key id\x00"), key...))
	s := &Signer{key: slices.Clone(key), kid: hex.EncodeToString(sum[:6])}
	text, err := s.blank(&wireClaims{}).SigningString()
	if err != nil {
		return nil, fmt.Errorf("spelling a token's header: %w", err)
	}
	s.header, _, _ = strings.Cut(text, ".")
	return s, nil
}

// Issue makes a token that says so much, good for TokenLife from now on, and tells when it expires (whole seconds, UTC).
func (s *Signer) Issue(user, session string, version int64, now time.Time) (token string, expires time.Time, err error) {
	if user == "" || session == "" || !utf8.ValidString(user) || !utf8.ValidString(session) {
		return "", time.Time{}, errors.New("issuing a token: it needs a user and a session, both of valid Unicode")
	}
	issued := now.Unix()
	expires = time.Unix(issued, 0).Add(TokenLife).UTC()
	claims := &wireClaims{
		Issuer: party, Audience: party, Subject: user, Session: session, Version: version,
		IssuedAt: issued, ExpiresAt: expires.Unix(),
	}
	token, err = s.blank(claims).SignedString(s.key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issuing a token: %w", err)
	}
	if len(token) > maxToken {
		return "", time.Time{}, errors.New("issuing a token: user and session are too long")
	}
	return token, expires, nil
}

// blank is a token before it is signed.
func (s *Signer) blank(claims *wireClaims) *jwt.Token {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["typ"] = "at+jwt"
	token.Header["kid"] = s.kid
	return token
}

// Parse checks a token and answers what it says. A token is good if Issue made it with the same key, its time has come
// and it has not expired, give or take 30 seconds; every other text is ErrBadToken.
func (s *Signer) Parse(token string, now time.Time) (Claims, error) {
	if err := s.glance(token); err != nil {
		return Claims{}, err
	}
	if known, ok := s.proven.find(token); ok && !now.Before(known.IssuedAt) && now.Before(known.ExpiresAt) {
		return known, nil
	}
	var said wireClaims
	if _, err := s.parser(now).ParseWithClaims(token, &said, func(*jwt.Token) (any, error) { return s.key, nil }); err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrBadToken, err)
	}
	if said.Subject == "" || said.Session == "" {
		return Claims{}, errTokenSubject
	}
	issued, expires := time.Unix(said.IssuedAt, 0).UTC(), time.Unix(said.ExpiresAt, 0).UTC()
	if expires.Sub(issued) != TokenLife {
		return Claims{}, errTokenLife
	}
	claims := Claims{
		User: said.Subject, Session: said.Session, SessionVersion: said.Version, IssuedAt: issued, ExpiresAt: expires,
	}
	s.proven.add(token, claims)
	return claims, nil
}

// proven are tokens that were found good: a caller sends the same one with every call, and what a text says and who signed it
// does not change. Only whether its time has come and not passed is asked again.
type proven struct {
	mu     sync.Mutex
	claims map[string]Claims
}

// mostProven is how many tokens are remembered at most: some 500 KiB.
const mostProven = 1000

func (p *proven) find(token string) (Claims, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	claims, ok := p.claims[token]
	return claims, ok
}

func (p *proven) add(token string, claims Claims) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.claims == nil || len(p.claims) >= mostProven {
		p.claims = make(map[string]Claims)
	}
	p.claims[strings.Clone(token)] = claims // of which the request's other headers need not be held
}

// glance refuses what cannot be ours before anything is decoded. All our tokens begin with the same header, so that one
// comparison pins algorithm, type and key and leaves no room for crit, b64, jwk, jku, x5u or a member said twice.
func (s *Signer) glance(token string) error {
	if len(token) > maxToken {
		return errTokenLength
	}
	if header, _, _ := strings.Cut(token, "."); header != s.header {
		return errTokenHeader
	}
	// Go's base64 skips line breaks even when strict, and a token must not have two spellings.
	if strings.ContainsAny(token, "\r\n") {
		return errTokenBreak
	}
	return nil
}

// parser says again all that the header comparison says, so that neither stands alone.
func (s *Signer) parser(now time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(party),
		jwt.WithAudience(party),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(func() time.Time { return now }),
	)
}

// wireClaims are the claims as a token carries them. The times are whole seconds since 1970.
type wireClaims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	Session   string `json:"sid"`
	Version   int64  `json:"sv"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

// UnmarshalJSON reads claims and refuses every spelling but our own: with it go members that are missing, unknown, said
// twice, in another case or of another type.
func (c *wireClaims) UnmarshalJSON(text []byte) error {
	type plain wireClaims
	var read plain
	if err := json.Unmarshal(text, &read); err != nil {
		return fmt.Errorf("reading claims: %w", err)
	}
	again, err := json.Marshal(read)
	if err != nil {
		return fmt.Errorf("spelling claims: %w", err)
	}
	if !bytes.Equal(text, again) {
		return errTokenClaims
	}
	*c = wireClaims(read)
	return nil
}

// GetExpirationTime is exp, for the library's check.
func (c *wireClaims) GetExpirationTime() (*jwt.NumericDate, error) { return date(c.ExpiresAt), nil }

// GetIssuedAt is iat, for the library's check.
func (c *wireClaims) GetIssuedAt() (*jwt.NumericDate, error) { return date(c.IssuedAt), nil }

// GetNotBefore is nil: our tokens are good from iat on, and a token that carries nbf is not ours.
func (c *wireClaims) GetNotBefore() (*jwt.NumericDate, error) { return nil, nil }

// GetIssuer is iss, for the library's check.
func (c *wireClaims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject is sub, for the library's check.
func (c *wireClaims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience is aud, for the library's check.
func (c *wireClaims) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{c.Audience}, nil
}

func date(seconds int64) *jwt.NumericDate { return jwt.NewNumericDate(time.Unix(seconds, 0)) }
