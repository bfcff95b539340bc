package newsroom

import (
	"context"
	"errors"
	"time"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

const (
	refreshLife = 30 * 24 * time.Hour // how long an unused refresh token is valid
	// how long after its use a refresh token gets the same new tokens again
	refreshGrace = 10 * time.Second
	placeLife    = 30 * 24 * time.Hour // how long a user stays known where they signed in
)

// Tokens are the result of a sign-in.
type Tokens struct {
	Access    string
	ExpiresIn time.Duration
	Refresh   string
}

// invalidToken returns the one error for every access or refresh token that is not valid, whatever
// the reason.
func invalidToken() error {
	return cms.Errorf(cms.Unauthenticated, "The token is not valid or no longer valid.").
		WithHint(cms.HintSignInAgain)
}

// SignIn returns tokens for an e-mail address and its password. An unknown address gets the same
// error as a wrong password, after the same time. Repeated failures are throttled (see
// auth.Throttle); a user at a place where they signed in before is not locked out by others.
func (n *Newsroom) SignIn(
	ctx context.Context,
	email, password string,
	origin cms.Origin,
) (Tokens, error) {
	from := origin.Address
	key, place := cms.EmailKey(email), auth.Prefix(from).String()
	u, known, err := n.findSignIn(ctx, key, place)
	if err != nil {
		return Tokens{}, err
	}
	attempt, retry := n.throttle.BeginOrWait(ctx, key, from, known, n.clock)
	if attempt == nil {
		busy := cms.Errorf(
			cms.TooManyRequests,
			"Too many sign-ins have failed, or are still under way; wait %s and try again.",
			retry.Round(time.Second),
		)
		busy.RetryAfter = retry
		return Tokens{}, busy
	}
	defer attempt.Abandoned()
	verify := n.hasher.Verify
	if known {
		verify = n.hasher.VerifyKnown
	}
	ok, stale, err := verify(ctx, u.PasswordHash, password)
	if err != nil {
		return Tokens{}, busyError(err)
	}
	if !ok || u.DisabledAt != nil {
		attempt.Failed(n.clock())
		n.signInFailed(ctx, u, email, origin)
		return Tokens{}, cms.Errorf(
			cms.InvalidCredentials, "The e-mail address and the password do not belong together.",
		)
	}
	attempt.Succeeded()
	newHash := ""
	if stale {
		if newHash, err = n.hasher.Hash(ctx, password); err != nil {
			return Tokens{}, busyError(err)
		}
	}
	return n.startSession(ctx, u, place, newHash, origin)
}

// busyError returns the error of a full hasher as it is reported, and other errors unchanged.
func busyError(err error) error {
	if errors.Is(err, auth.ErrBusy) {
		busy := cms.Errorf(cms.Unavailable, "Too many sign-ins at once; try again in a moment.")
		busy.RetryAfter = 2 * time.Second
		return busy
	}
	return err
}

// findSignIn returns the user with an address, the zero user if there is none, and whether they are
// known at a place.
func (n *Newsroom) findSignIn(ctx context.Context, key, place string) (*cms.User, bool, error) {
	var known bool
	u, err := read(ctx, n, store.Internal, func(db *store.DB) (*cms.User, error) {
		var err error
		if known, err = db.KnowsSignInPlace(key, place, db.Now().Add(-placeLife)); err != nil {
			return nil, err
		}
		u, err := db.UserByEmail(key)
		if errors.Is(err, store.ErrNotFound) {
			return &cms.User{}, nil
		}
		return u, err
	})
	return u, known, err
}

// startSession starts a session and saves hash as that of the user's password unless it is empty.
func (n *Newsroom) startSession(
	ctx context.Context,
	u *cms.User,
	place, hash string,
	origin cms.Origin,
) (Tokens, error) {
	session := &cms.Session{ID: newID(), UserID: u.ID}
	return write(ctx, n, Call{}, func(db *store.DB) (Tokens, error) {
		session.CreatedAt = db.Now()
		if err := db.AddSession(session); err != nil {
			return Tokens{}, err
		}
		if err := db.RecordSignInPlace(u.ID, place); err != nil {
			return Tokens{}, err
		}
		if hash != "" {
			if err := db.SetPasswordHash(u.ID, hash); err != nil {
				return Tokens{}, err
			}
		}
		plain, refreshHash := auth.NewSecret()
		expires := db.Now().Add(refreshLife)
		if err := db.AddRefreshToken(refreshHash, session.ID, expires); err != nil {
			return Tokens{}, err
		}
		tokens, err := n.newTokens(u, session.ID, plain, db.Now())
		if err != nil {
			return Tokens{}, err
		}
		return tokens, db.Append(newEvent(u.ActorFrom(origin), cms.SignedIn, u.ID, u.Version))
	})
}

// newTokens returns the tokens of a session as of a time: the same for the same arguments.
func (n *Newsroom) newTokens(
	u *cms.User, session cms.ID, refresh string, now time.Time,
) (Tokens, error) {
	access, expires, err := n.signer.Issue(string(u.ID), string(session), u.SessionVersion, now)
	return Tokens{Access: access, ExpiresIn: expires.Sub(now), Refresh: refresh}, err
}

// Refresh exchanges a refresh token for new tokens. A token that was used less than 10 seconds ago
// gets the same new tokens again, for a client whose response was lost or that has two tabs. One
// that was used earlier ends the whole session: there is a copy of it.
func (n *Newsroom) Refresh(
	ctx context.Context, token string, origin cms.Origin,
) (Tokens, error) {
	hash, ok := auth.HashSecret(token)
	if !ok {
		return Tokens{}, invalidToken()
	}
	tokens, err := write(ctx, n, Call{}, func(db *store.DB) (*Tokens, error) {
		spent, fresh, err := db.SpendRefreshToken(hash)
		if err != nil {
			return nil, ignoreNotFound(err)
		}
		u, err := sessionUser(db, spent.Session)
		if err != nil || u == nil {
			return nil, err
		}
		if !fresh && db.Now().Sub(spent.UsedAt) >= refreshGrace {
			if err := db.EndSession(spent.Session); err != nil {
				return nil, err
			}
			return nil, db.Append(newEvent(u.ActorFrom(origin), cms.TokenReused, u.ID, u.Version))
		}
		plain, next := n.signer.NextSecret(token)
		if fresh {
			err = db.AddRefreshToken(next, spent.Session, spent.UsedAt.Add(refreshLife))
		}
		if err != nil {
			return nil, err
		}
		tokens, err := n.newTokens(u, spent.Session, plain, spent.UsedAt)
		return &tokens, err
	})
	if err == nil && tokens == nil {
		err = invalidToken()
	}
	if err != nil {
		return Tokens{}, err
	}
	return *tokens, nil
}

// sessionUser returns the user of a session, or nil if the session has ended.
func sessionUser(db *store.DB, id cms.ID) (*cms.User, error) {
	session, err := db.Session(id)
	if err != nil {
		return nil, err
	}
	u, err := db.SessionUser(id, session.UserID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return u, err
}

// SignOut ends the session of a refresh token, with all its tokens. For an unknown token it does
// nothing.
func (n *Newsroom) SignOut(ctx context.Context, token string, origin cms.Origin) error {
	hash, ok := auth.HashSecret(token)
	if !ok {
		return nil
	}
	_, err := write(ctx, n, Call{}, func(db *store.DB) (struct{}, error) {
		session, err := db.SessionOfToken(hash)
		if err != nil {
			return struct{}{}, ignoreNotFound(err)
		}
		u, err := sessionUser(db, session)
		if err != nil || u == nil {
			return struct{}{}, err
		}
		if err := db.EndSession(session); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, db.Append(newEvent(u.ActorFrom(origin), cms.SignedOut, u.ID, u.Version))
	})
	return err
}

// Authenticate returns who an access token speaks for, without an origin. It looks up the session
// each time, so that the end of a session takes effect at once.
func (n *Newsroom) Authenticate(ctx context.Context, token string) (cms.Actor, error) {
	claims, err := n.signer.Parse(token, n.clock())
	if err != nil {
		return cms.Actor{}, invalidToken()
	}
	var u *cms.User
	err = n.store.ReadOne(ctx, store.Internal, func(db *store.DB) error {
		u, err = db.SessionUser(cms.ID(claims.Session), cms.ID(claims.User))
		return err
	})
	if errors.Is(err, store.ErrNotFound) ||
		(err == nil && u.SessionVersion != claims.SessionVersion) {
		return cms.Actor{}, invalidToken()
	}
	if err != nil {
		return cms.Actor{}, err
	}
	return u.Actor(), nil
}

// changeLife is how long the log of cache invalidations is kept; servers poll it several times a
// second.
const changeLife = time.Hour

// DeleteExpired deletes expired refresh tokens, ended sessions, idempotency records, old
// invalidations and what is not kept of revisions. It returns how many of these it deleted.
func (n *Newsroom) DeleteExpired(ctx context.Context) (int, error) {
	var deleted int
	err := n.store.Write(ctx, func(db *store.DB) error {
		records, err := db.DeleteIdempotencyRecords(db.Now().Add(-idempotencyLife))
		if err != nil {
			return err
		}
		tokens, err := db.DeleteExpiredTokens(db.Now().Add(-refreshLife))
		if err != nil {
			return err
		}
		trimmed, err := n.trimRevisions(db)
		if err != nil {
			return err
		}
		deleted = records + tokens + trimmed
		return db.DeleteChanges(db.Now().Add(-changeLife))
	})
	return deleted, err
}
