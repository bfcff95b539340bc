package store

import (
	"time"

	"gorm.io/gorm/clause"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

type refreshToken struct {
	Hash      string `gorm:"primaryKey"`
	SessionID cms.ID
	ExpiresAt time.Time
	UsedAt    *time.Time
}

type signInPlace struct {
	UserID cms.ID `gorm:"primaryKey"`
	Place  string `gorm:"primaryKey"`
	LastAt time.Time
}

const userColumns = `u.id, u.version, u.email, u.email_key, u.name, u.role, u.password_hash,
	u.session_version, u.created_at, u.updated_at, u.disabled_at`

// scanUser scans a row of userColumns.
func scanUser(r *database.Row) *cms.User {
	return &cms.User{ // in the order of userColumns
		ID:             scanID(r),
		Version:        r.Number(),
		Email:          r.Text(),
		EmailKey:       r.Text(),
		Name:           r.Text(),
		Role:           cms.Role(r.Text()),
		PasswordHash:   r.Text(),
		SessionVersion: r.Number(),
		CreatedAt:      r.Time(),
		UpdatedAt:      r.Time(),
		DisabledAt:     r.MaybeTime(),
	}
}

// AddUser inserts a new user.
func (db *DB) AddUser(u *cms.User) error { return db.GORM.Create(u).Error }

// User returns a user, ErrNotFound if there is none.
func (db *DB) User(id cms.ID) (*cms.User, error) {
	var u cms.User
	return &u, first(db.GORM.Where("id = ?", id), &u)
}

// UserByEmail returns the user with a folded address, ErrNotFound if there is none.
func (db *DB) UserByEmail(key string) (*cms.User, error) {
	var u cms.User
	return &u, first(db.GORM.Where("email_key = ?", key), &u)
}

// Users returns all users by folded address.
func (db *DB) Users() ([]*cms.User, error) {
	var users []*cms.User
	return users, db.GORM.Order("email_key").Find(&users).Error
}

// SaveUser updates all columns of a user.
func (db *DB) SaveUser(u *cms.User) error { return db.GORM.Model(u).Select("*").Updates(u).Error }

// HasOtherAdmin reports whether an administrator other than a user can sign in.
func (db *DB) HasOtherAdmin(user cms.ID) (bool, error) {
	var n int64
	err := db.GORM.Model(&cms.User{}).
		Where("role = ? AND disabled_at IS NULL AND id <> ?", cms.Admin, user).Count(&n).Error
	return n > 0, err
}

// HasUsers reports whether there is a user.
func (db *DB) HasUsers() (bool, error) {
	var u cms.User
	err := first(db.GORM.Select("id"), &u)
	if err == ErrNotFound {
		return false, nil
	}
	return err == nil, err
}

// SetPasswordHash replaces the hash of a user's password. Sessions go on: the password is the same.
func (db *DB) SetPasswordHash(id cms.ID, hash string) error {
	return db.GORM.Model(&cms.User{}).Where("id = ?", id).UpdateColumn("password_hash", hash).Error
}

// SessionUser returns the user of a session that has not ended, ErrNotFound if there is none.
func (db *DB) SessionUser(session, user cms.ID) (*cms.User, error) {
	rows := database.From("sessions AS s").Join("JOIN users AS u ON u.id = s.user_id").
		Where("s.id = ? AND s.ended_at IS NULL", session).
		Where("u.id = ? AND u.disabled_at IS NULL", user)
	return database.QueryRow(db.Tx, rows.Columns(userColumns), scanUser)
}

// AddSession inserts a new session.
func (db *DB) AddSession(s *cms.Session) error { return db.GORM.Create(s).Error }

// EndSession ends a session now. It does nothing if the session has ended.
func (db *DB) EndSession(id cms.ID) error {
	return db.GORM.Model(&cms.Session{}).
		Where("id = ? AND ended_at IS NULL", id).
		UpdateColumn("ended_at", db.Now()).
		Error
}

// AddRefreshToken inserts the hash of a refresh token of a session.
func (db *DB) AddRefreshToken(hash string, session cms.ID, expires time.Time) error {
	return db.GORM.Create(&refreshToken{Hash: hash, SessionID: session, ExpiresAt: expires}).Error
}

// EndSessions ends all sessions of a user now.
func (db *DB) EndSessions(user cms.ID) error {
	return db.GORM.Model(&cms.Session{}).
		Where("user_id = ? AND ended_at IS NULL", user).
		UpdateColumn("ended_at", db.Now()).Error
}

// SpentToken is a refresh token that was used.
type SpentToken struct {
	Session cms.ID
	UsedAt  time.Time // the first time
}

// SpendRefreshToken marks a refresh token as used, unless it is already. Of many concurrent calls,
// one gets fresh. It returns ErrNotFound for a token that is unknown or has expired.
func (db *DB) SpendRefreshToken(hash string) (spent SpentToken, fresh bool, err error) {
	res := db.GORM.Model(&refreshToken{}).
		Where("hash = ? AND expires_at > ? AND used_at IS NULL", hash, db.Now()).
		UpdateColumn("used_at", db.Now())
	if res.Error != nil {
		return SpentToken{}, false, res.Error
	}
	var token refreshToken
	live := db.GORM.Where("hash = ? AND expires_at > ?", hash, db.Now())
	if err := first(live, &token); err != nil {
		return SpentToken{}, false, err
	}
	return SpentToken{Session: token.SessionID, UsedAt: *token.UsedAt}, res.RowsAffected == 1, nil
}

// SessionOfToken returns the session of a refresh token, used or not, ErrNotFound if there is none.
func (db *DB) SessionOfToken(hash string) (cms.ID, error) {
	var token refreshToken
	err := first(db.GORM.Where("hash = ?", hash), &token)
	return token.SessionID, err
}

// Session returns a session, ErrNotFound if there is none.
func (db *DB) Session(id cms.ID) (*cms.Session, error) {
	var s cms.Session
	return &s, first(db.GORM.Where("id = ?", id), &s)
}

// DeleteExpiredTokens deletes refresh tokens that expired before a time, and sessions left without
// any.
func (db *DB) DeleteExpiredTokens(before time.Time) (int, error) {
	res := db.GORM.Where("expires_at < ?", before).Delete(&refreshToken{})
	if res.Error != nil {
		return 0, res.Error
	}
	const unused = "NOT EXISTS (SELECT 1 FROM refresh_tokens AS r WHERE r.session_id = sessions.id)"
	err := db.GORM.Where("created_at < ? AND "+unused, before).
		Delete(&cms.Session{}).
		Error
	return int(res.RowsAffected), err
}

// RecordSignInPlace records that a user signed in from a place now.
func (db *DB) RecordSignInPlace(user cms.ID, place string) error {
	return db.GORM.Clauses(clause.OnConflict{UpdateAll: true}).
		Create(&signInPlace{user, place, db.Now()}).
		Error
}

// KnowsSignInPlace reports whether the user with a folded address has signed in from a place since
// a time.
func (db *DB) KnowsSignInPlace(emailKey, place string, since time.Time) (bool, error) {
	var n int64
	err := db.GORM.Table("sign_in_places AS p").Joins("JOIN users AS u ON u.id = p.user_id").
		Where("u.email_key = ? AND p.place = ? AND p.last_at >= ?", emailKey, place, since).
		Count(&n).Error
	return n > 0, err
}
