package newsroom

import (
	"context"
	"net/netip"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// classOf returns the class of a read that looks up few rows.
func classOf(actor cms.Actor) store.Class {
	return questionClass(actor, false)
}

// questionClass returns the class of a question, which is costly if its cost depends on what it
// asks.
func questionClass(actor cms.Actor, costly bool) store.Class {
	switch {
	case actor.SignedIn():
		return store.Editorial
	case costly:
		return store.Slow
	}
	return store.Quick
}

// From returns a context for the calls of somebody at an address. No address can keep the costly
// questions of others from being answered; one that is not valid has no share of its own.
func From(ctx context.Context, address netip.Addr) context.Context {
	return store.WithOrigin(ctx, auth.Prefix(address))
}
