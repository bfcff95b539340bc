package newsroom

import (
	"context"
	"errors"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// AddUser creates a user who can sign in.
func (n *Newsroom) AddUser(
	ctx context.Context,
	email, name string,
	role cms.Role,
	password string,
) (*cms.User, error) {
	name = cms.TrimLine(name)
	email = cms.TrimLine(email)
	u := &cms.User{
		ID:             newID(),
		Version:        1,
		Email:          email,
		EmailKey:       cms.EmailKey(email),
		Name:           name,
		Role:           role,
		SessionVersion: 1,
	}
	if err := u.Check(); err != nil {
		return nil, err
	}
	hash, err := n.hashNew(ctx, password, email, name)
	if err != nil {
		return nil, err
	}
	u.PasswordHash = hash
	return write(ctx, n, Call{}, func(db *store.DB) (*cms.User, error) {
		if _, err := db.UserByEmail(u.EmailKey); !errors.Is(err, store.ErrNotFound) {
			if err == nil {
				err = cms.FieldErrorf(
					cms.Duplicate, "email", "taken", "Somebody has the address %s already.", email,
				)
			}
			return nil, err
		}
		u.CreatedAt = db.Now()
		u.UpdatedAt = db.Now()
		if err := db.AddUser(u); err != nil {
			return nil, err
		}
		return u, db.Append(newEvent(cms.Console, cms.UserCreated, u.ID, 1))
	})
}

// HasUsers reports whether there is a user.
func (n *Newsroom) HasUsers(ctx context.Context) (bool, error) {
	return read(ctx, n, store.Internal, func(db *store.DB) (bool, error) { return db.HasUsers() })
}

// User returns the user that an actor is. The actor must be signed in.
func (n *Newsroom) User(ctx context.Context, actor cms.Actor) (*cms.User, error) {
	u, err := read(ctx, n, store.Internal, func(db *store.DB) (*cms.User, error) {
		return db.User(actor.ID)
	})
	return u, notFound(err, "user")
}

// UserByEmail returns the user with an e-mail address.
func (n *Newsroom) UserByEmail(ctx context.Context, email string) (*cms.User, error) {
	return read(ctx, n, store.Internal, func(db *store.DB) (*cms.User, error) {
		u, err := db.UserByEmail(cms.EmailKey(email))
		return u, notFound(err, "user")
	})
}

// Users returns all users by e-mail address, disabled ones too.
func (n *Newsroom) Users(ctx context.Context) ([]*cms.User, error) {
	return read(ctx, n, store.Internal,
		func(db *store.DB) ([]*cms.User, error) { return db.Users() })
}

// SetRole changes a user's role and ends their sessions, so that no token of the former role is
// left. It returns a WrongState error for the last administrator.
func (n *Newsroom) SetRole(ctx context.Context, email string, role cms.Role) (*cms.User, error) {
	return n.changeUser(ctx, email, cms.UserRoleChanged, func(db *store.DB, u *cms.User) error {
		if role == u.Role {
			return errUnchanged
		}
		if err := keepAdmin(db, u); err != nil {
			return err
		}
		u.Role = role
		return u.Check()
	})
}

// SetPassword changes a user's password and ends their sessions.
func (n *Newsroom) SetPassword(ctx context.Context, email, password string) (*cms.User, error) {
	u, err := n.UserByEmail(ctx, email)
	if err != nil {
		return nil, err
	}
	hash, err := n.hashNew(ctx, password, u.Email, u.Name)
	if err != nil {
		return nil, err
	}
	return n.changeUser(ctx, email, cms.UserPasswordChanged, func(_ *store.DB, u *cms.User) error {
		u.PasswordHash = hash
		return nil
	})
}

// Disable ends a user's sessions and keeps them from signing in. It returns a WrongState error for
// the last administrator.
func (n *Newsroom) Disable(ctx context.Context, email string) (*cms.User, error) {
	return n.changeUser(ctx, email, cms.UserDisabled, func(db *store.DB, u *cms.User) error {
		if u.DisabledAt != nil {
			return errUnchanged
		}
		if err := keepAdmin(db, u); err != nil {
			return err
		}
		now := db.Now()
		u.DisabledAt = &now
		return nil
	})
}

// Enable lets a disabled user sign in again.
func (n *Newsroom) Enable(ctx context.Context, email string) (*cms.User, error) {
	return n.changeUser(ctx, email, cms.UserEnabled, func(_ *store.DB, u *cms.User) error {
		if u.DisabledAt == nil {
			return errUnchanged
		}
		u.DisabledAt = nil
		return nil
	})
}

// EndSessions ends all of a user's sessions: their access and refresh tokens are no longer valid.
func (n *Newsroom) EndSessions(ctx context.Context, email string) (*cms.User, error) {
	return n.changeUser(
		ctx, email, cms.SessionsEnded, func(*store.DB, *cms.User) error { return nil },
	)
}

// errUnchanged is returned by a change that finds the user as it should be.
var errUnchanged = errors.New("the user is unchanged")

// changeUser loads a user, applies a change, ends their sessions, and records an event. If change
// returns errUnchanged, it does nothing and returns the user.
func (n *Newsroom) changeUser(ctx context.Context, email string, verb cms.EventType,
	change func(db *store.DB, u *cms.User) error) (*cms.User, error) {
	return write(ctx, n, Call{}, func(db *store.DB) (*cms.User, error) {
		u, err := db.UserByEmail(cms.EmailKey(email))
		if err != nil {
			return nil, notFound(err, "user")
		}
		if err := change(db, u); err != nil {
			if errors.Is(err, errUnchanged) {
				err = nil
			}
			return u, err
		}
		u.Version++
		u.SessionVersion++
		u.UpdatedAt = db.Now()
		if err := db.SaveUser(u); err != nil {
			return nil, err
		}
		if err := db.EndSessions(u.ID); err != nil {
			return nil, err
		}
		return u, db.Append(newEvent(cms.Console, verb, u.ID, u.Version))
	})
}

// keepAdmin returns an error if a user is the only administrator who can sign in.
func keepAdmin(db *store.DB, u *cms.User) error {
	if u.Role != cms.Admin || u.DisabledAt != nil {
		return nil
	}
	others, err := db.HasOtherAdmin(u.ID)
	if err == nil && !others {
		err = cms.Errorf(cms.WrongState,
			"This is the last administrator; make somebody else an administrator first.")
	}
	return err
}

// hashNew checks a new password of a user and returns its hash.
func (n *Newsroom) hashNew(ctx context.Context, password, email, name string) (string, error) {
	if err := auth.CheckPassword(password, email, name); err != nil {
		return "", cms.FieldErrorf(cms.Invalid, "password", "weak", "%s", err)
	}
	return n.hasher.Hash(ctx, password)
}
