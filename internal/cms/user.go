package cms

import (
	"strings"
	"time"
)

// User is a person who can sign in.
type User struct {
	ID             ID `gorm:"primaryKey"`
	Version        int64
	Email          string
	EmailKey       string // the address in lower case, for comparing
	Name           string
	Role           Role
	PasswordHash   string
	SessionVersion int64 // raised to end every session at once
	CreatedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
	DisabledAt     *time.Time
}

// Actor returns the user as an Actor.
func (u *User) Actor() Actor { return Actor{ID: u.ID, Name: u.Name, Role: u.Role} }

// ActorFrom returns the user as an Actor with an origin.
func (u *User) ActorFrom(origin Origin) Actor {
	actor := u.Actor()
	actor.Origin = origin
	return actor
}

// EmailKey returns an e-mail address folded for comparing.
func EmailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// The limits of a user.
const (
	MaxEmail    = 254
	MaxUserName = 100
)

// Check returns an Invalid error if the user breaks a rule.
func (u *User) Check() error {
	var f fieldErrors
	f.required("name", u.Name)
	f.line("name", u.Name, MaxUserName)
	f.line("email", u.Email, MaxEmail)
	f.email("email", u.Email)
	f.oneOf("role", string(u.Role), stringsOf(Roles))
	return InvalidFields(f)
}

// email checks an e-mail address.
func (f *fieldErrors) email(field, s string) {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || strings.ContainsAny(s, " \t,;<>\"()") ||
		strings.Contains(domain, "@") {
		f.add(field, "invalid", "%s must be an address such as ada@example.org.", dotted(field))
	}
}

// Session is a sign-in and all refreshes that follow from it.
type Session struct {
	ID        ID `gorm:"primaryKey"`
	UserID    ID
	CreatedAt time.Time
	EndedAt   *time.Time
}
