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

// app is a newsroom with its settings, key and database.
type app struct {
	config   config
	key      []byte
	store    *store.Store
	newsroom *newsroom.Newsroom
}

// openApp opens the newsroom of a command's settings. The caller must close its store.
func openApp(ctx context.Context, c *cli.Command) (*app, error) {
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
	db, err := store.Open(ctx, cfg.databaseURL, time.Now)
	if err != nil {
		return nil, err
	}
	n := newsroom.Open(newsroom.Options{
		Store: db, Site: cfg.site, Hasher: hasher, Signer: signer, Clock: time.Now,
		PublicRead: cfg.publicRead,
	})
	return &app{config: cfg, key: key, store: db, newsroom: n}, nil
}
