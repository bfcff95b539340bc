package main

import (
	"context"
	"runtime"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/store"
)

// house is a newsroom with what it stands on.
type house struct {
	config   config
	key      []byte
	store    *store.Store
	newsroom *newsroom.Newsroom
}

// openHouse puts a newsroom together as the settings of a command say. The caller closes its store.
func openHouse(ctx context.Context, c *cli.Command) (*house, error) {
	cfg, err := configOf(c)
	if err != nil {
		return nil, err
	}
	key, err := cfg.key()
	if err != nil {
		return nil, err
	}
	jwtKey, err := auth.Derive(key, "access tokens")
	if err != nil {
		return nil, err
	}
	signer, err := auth.NewSigner(jwtKey)
	if err != nil {
		return nil, err
	}
	hasher, err := auth.NewHasher(auth.DefaultCost(), runtime.NumCPU())
	if err != nil {
		return nil, err
	}
	rows, err := store.Open(ctx, cfg.databaseURL, time.Now)
	if err != nil {
		return nil, err
	}
	desk := newsroom.Open(newsroom.Options{
		Store: rows, Site: cfg.site, Hasher: hasher, Signer: signer, Clock: time.Now, PublicRead: cfg.publicRead,
	})
	return &house{cfg, key, rows, desk}, nil
}
