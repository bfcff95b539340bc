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

// ErrBadToken is returned for an access token that is not valid. The error wrapped with it says
// why, for the log only.
var ErrBadToken = errors.New("not a valid access token")

// TokenLife is how long an access token is valid.
const TokenLife = 10 * time.Minute

const (
	leeway   = 30 * time.Second // the allowed difference between two clocks
	maxToken = 4 << 10          // bytes
	minKey   = 32               // bytes
	issuer   = "masthead"       // both issuer and audience: the server issues tokens for itself
)

// Errors found before any work is done; made once, so that a refusal allocates nothing.
var (
	errTokenLength  = fmt.Errorf("%w: longer than 4 KiB", ErrBadToken)
	errTokenHeader  = fmt.Errorf("%w: its header is not the one this server writes", ErrBadToken)
	errTokenBreak   = fmt.Errorf("%w: it contains a line break", ErrBadToken)
	errTokenClaims  = errors.New("the claims are not encoded as this server encodes them")
	errTokenSubject = fmt.Errorf("%w: no user or no session", ErrBadToken)
	errTokenLife    = fmt.Errorf("%w: its life is not %v", ErrBadToken, TokenLife)
)

// Claims are the contents of an access token that Parse has verified.
type Claims struct {
	User           string
	Session        string
	SessionVersion int64 // differs from the user's after a change of password or role
	IssuedAt       time.Time
	ExpiresAt      time.Time
}

// Signer issues and verifies access tokens: JWT (RFC 7519) signed with HS256, of type at+jwt. It is
// safe for concurrent use.
type Signer struct {
	key      []byte
	kid      string
	header   string // the first segment, the same in every token that this key signs
	verified verifiedTokens
}

// NewSigner returns a Signer with a key of at least 32 bytes. Use Derive for a key with no other
// purpose.
func NewSigner(key []byte) (*Signer, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf(
			"a signing key of %d bytes is too short: %d are needed", len(key), minKey,
		)
	}
	sum := sha256.Sum256(append([]byte("masthead key id\x00"), key...))
	s := &Signer{key: slices.Clone(key), kid: hex.EncodeToString(sum[:6])}
	text, err := s.unsigned(&wireClaims{}).SigningString()
	if err != nil {
		return nil, fmt.Errorf("encoding a token's header: %w", err)
	}
	s.header, _, _ = strings.Cut(text, ".")
	return s, nil
}

// Issue returns a token that is valid for TokenLife from now on, and when it expires (whole
// seconds, UTC).
func (s *Signer) Issue(
	user, session string,
	version int64,
	now time.Time,
) (token string, expires time.Time, err error) {
	if user == "" || session == "" || !utf8.ValidString(user) || !utf8.ValidString(session) {
		return "", time.Time{}, errors.New(
			"issuing a token: it needs a user and a session in valid UTF-8",
		)
	}
	issued := now.Unix()
	expires = time.Unix(issued, 0).Add(TokenLife).UTC()
	claims := &wireClaims{
		Issuer:    issuer,
		Audience:  issuer,
		Subject:   user,
		Session:   session,
		Version:   version,
		IssuedAt:  issued,
		ExpiresAt: expires.Unix(),
	}
	token, err = s.unsigned(claims).SignedString(s.key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("issuing a token: %w", err)
	}
	if len(token) > maxToken {
		return "", time.Time{}, errors.New("issuing a token: user and session are too long")
	}
	return token, expires, nil
}

// unsigned returns a token before it is signed.
func (s *Signer) unsigned(claims *wireClaims) *jwt.Token {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
	token.Header["typ"] = "at+jwt"
	token.Header["kid"] = s.kid
	return token
}

// Parse verifies a token and returns its claims. A token is valid if Issue made it with the same
// key, not in the future and less than TokenLife ago, give or take 30 seconds. For every other text
// the error is ErrBadToken.
func (s *Signer) Parse(token string, now time.Time) (Claims, error) {
	if err := s.precheck(token); err != nil {
		return Claims{}, err
	}
	if known, ok := s.verified.get(token); ok && !now.Before(known.IssuedAt) &&
		now.Before(known.ExpiresAt) {
		return known, nil
	}
	var parsed wireClaims
	key := func(*jwt.Token) (any, error) { return s.key, nil }
	if _, err := s.parser(now).ParseWithClaims(token, &parsed, key); err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrBadToken, err)
	}
	if parsed.Subject == "" || parsed.Session == "" {
		return Claims{}, errTokenSubject
	}
	issued, expires := time.Unix(parsed.IssuedAt, 0).UTC(), time.Unix(parsed.ExpiresAt, 0).UTC()
	if expires.Sub(issued) != TokenLife {
		return Claims{}, errTokenLife
	}
	claims := Claims{
		User:           parsed.Subject,
		Session:        parsed.Session,
		SessionVersion: parsed.Version,
		IssuedAt:       issued,
		ExpiresAt:      expires,
	}
	s.verified.put(token, claims)
	return claims, nil
}

// verifiedTokens caches tokens whose signature was verified: a client sends the same one with every
// call. Only the times are checked again.
type verifiedTokens struct {
	mu     sync.Mutex
	claims map[string]Claims
}

// maxVerified bounds the cache: some 500 KiB.
const maxVerified = 1000

func (p *verifiedTokens) get(token string) (Claims, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	claims, ok := p.claims[token]
	return claims, ok
}

func (p *verifiedTokens) put(token string, claims Claims) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.claims == nil || len(p.claims) >= maxVerified {
		p.claims = make(map[string]Claims)
	}
	p.claims[strings.Clone(token)] = claims // the token may be part of a larger string
}

// precheck refuses what cannot be one of our tokens before anything is decoded. All our tokens
// begin with the same header, so that one comparison pins algorithm, type and key and leaves no
// room for crit, b64, jwk, jku, x5u or a duplicate member.
func (s *Signer) precheck(token string) error {
	if len(token) > maxToken {
		return errTokenLength
	}
	if header, _, _ := strings.Cut(token, "."); header != s.header {
		return errTokenHeader
	}
	// Go's base64 skips line breaks even when strict, and a token must have one representation.
	if strings.ContainsAny(token, "\r\n") {
		return errTokenBreak
	}
	return nil
}

// parser checks again what the comparison of the header checks, so that neither is the only
// defence.
func (s *Signer) parser(now time.Time) *jwt.Parser {
	return jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer),
		jwt.WithAudience(issuer), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(leeway), jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(func() time.Time { return now }),
	)
}

// wireClaims are the claims as encoded in a token. The times are whole seconds since 1970.
type wireClaims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	Session   string `json:"sid"`
	Version   int64  `json:"sv"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

// UnmarshalJSON parses claims and refuses every encoding but our own: with members that are
// missing, unknown, duplicate, in another case or of another type.
func (c *wireClaims) UnmarshalJSON(text []byte) error {
	type plain wireClaims
	var parsed plain
	if err := json.Unmarshal(text, &parsed); err != nil {
		return fmt.Errorf("parsing claims: %w", err)
	}
	encoded, err := json.Marshal(parsed)
	if err != nil {
		return fmt.Errorf("encoding claims: %w", err)
	}
	if !bytes.Equal(text, encoded) {
		return errTokenClaims
	}
	*c = wireClaims(parsed)
	return nil
}

// GetExpirationTime returns exp, for the library's check.
func (c *wireClaims) GetExpirationTime() (*jwt.NumericDate, error) { return date(c.ExpiresAt), nil }

// GetIssuedAt returns iat, for the library's check.
func (c *wireClaims) GetIssuedAt() (*jwt.NumericDate, error) { return date(c.IssuedAt), nil }

// GetNotBefore returns nil: our tokens are valid from iat on, and a token that carries nbf is not
// ours.
func (c *wireClaims) GetNotBefore() (*jwt.NumericDate, error) { return nil, nil }

// GetIssuer returns iss, for the library's check.
func (c *wireClaims) GetIssuer() (string, error) { return c.Issuer, nil }

// GetSubject returns sub, for the library's check.
func (c *wireClaims) GetSubject() (string, error) { return c.Subject, nil }

// GetAudience returns aud, for the library's check.
func (c *wireClaims) GetAudience() (jwt.ClaimStrings, error) {
	return jwt.ClaimStrings{c.Audience}, nil
}

func date(seconds int64) *jwt.NumericDate { return jwt.NewNumericDate(time.Unix(seconds, 0)) }
