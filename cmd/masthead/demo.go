package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/demo"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/text"
)

const demoEmail = "admin@example.org"

// fillDemo fills an empty database with demonstration content, unless another process does. If
// there is no user, it creates an administrator and returns their random password.
func (a *app) fillDemo(ctx context.Context) (password string, err error) {
	unlock, err := a.store.Lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if password, err = a.addDemoUser(ctx); err != nil {
		return "", err
	}
	filled, err := a.hasArticles(ctx)
	if err != nil || filled {
		return password, err
	}
	for _, fill := range []func(context.Context) error{
		a.fillSections, a.fillAuthors, a.fillArticles, a.fillCorrections, a.fillCollections,
		a.fillFronts, a.fillRedirects, a.fillAlerts, a.fillSite,
	} {
		if err := fill(ctx); err != nil {
			return password, fmt.Errorf("demonstration content: %w", err)
		}
	}
	return password, nil
}

// addDemoUser creates an administrator and returns their password, unless there is a user.
func (a *app) addDemoUser(ctx context.Context) (password string, err error) {
	users, err := a.newsroom.HasUsers(ctx)
	if err != nil || users {
		return "", err
	}
	password = auth.RandomPassword()
	_, err = a.newsroom.AddUser(ctx, demoEmail, "Demonstration", cms.Admin, password)
	return password, err
}

// hasArticles reports whether there is an article, if only in the trash.
func (a *app) hasArticles(ctx context.Context) (bool, error) {
	for _, trashed := range []bool{false, true} {
		found, err := a.newsroom.Articles(ctx, cms.System, cms.ArticleQuery{
			View: cms.DraftView, Trashed: trashed, Sort: cms.Sort{By: "updated_at"},
			Page: cms.PageRequest{Limit: 1},
		})
		if err != nil || len(found.Rows) > 0 {
			return true, err
		}
	}
	return false, nil
}

// fillArticles imports the articles of the demonstration.
func (a *app) fillArticles(ctx context.Context) error {
	importer, err := a.newsroom.Importer(ctx, cms.System, newsroom.ImportOptions{Source: "demo"})
	if err != nil {
		return err
	}
	items := slices.Collect(exchange.Markdown(demo.Content(), exchange.Options{
		Picture: importer.Picture(ctx),
	}))
	outcomes, err := importer.Add(ctx, items)
	if err != nil {
		return err
	}
	if err := importer.Finish(ctx); err != nil {
		return err
	}
	for _, o := range outcomes {
		strange := slices.ContainsFunc(o.Created, func(made newsroom.Named) bool {
			return made.Noun != cms.TagNoun
		})
		if o.Reason != "" || len(o.Notes) > 0 || strange {
			return fmt.Errorf("%s: %s %v %v", o.Item.File, o.Reason, o.Notes, o.Created)
		}
	}
	return nil
}

// fillCorrections corrects articles of the demonstration. One that is dated ahead of the clock is a
// draft, and is not corrected.
func (a *app) fillCorrections(ctx context.Context) error {
	for _, c := range demo.Corrections() {
		if c.At.After(time.Now()) {
			continue
		}
		found, _, err := a.newsroom.Article(ctx, cms.System, cms.LiveView, c.Article)
		if err != nil {
			return err
		}
		in := cms.CorrectionInput{
			Type:        cms.CorrectionType(c.Type),
			Text:        c.Text,
			PublishedAt: &c.At,
		}
		_, err = a.newsroom.Correct(ctx, demoCall, found.ID(),
			cms.Precondition{}, in)
		if err != nil {
			return err
		}
	}
	return nil
}

// demoCall is a change that the demonstration makes.
var demoCall = newsroom.Call{Actor: cms.System}

// demoNouns are the nouns of a kind that the demonstration has.
type demoNouns[D, In any] interface {
	Get(context.Context, cms.Actor, cms.View, string) (*D, string, error)
	Create(context.Context, newsroom.Call, In) (*D, error)
}

// ensure returns the noun with a slug, and reports whether it had to be created.
func ensure[D, In any](
	ctx context.Context, nouns demoNouns[D, In], slug string, in In,
) (noun *D, created bool, err error) {
	noun, _, err = nouns.Get(ctx, cms.System, cms.DraftView, slug)
	if !cms.Is(err, cms.NotFound) {
		return noun, false, err
	}
	noun, err = nouns.Create(ctx, demoCall, in)
	return noun, true, err
}

// fillSections creates the sections of the demonstration.
func (a *app) fillSections(ctx context.Context) error {
	return a.createSections(ctx, demo.Sections(), "")
}

// createSections creates sections below parent, the id of one; empty: at the top.
func (a *app) createSections(ctx context.Context, list []demo.Section, parent cms.ID) error {
	for i, section := range list {
		in := cms.SectionInput{
			Name:        section.Name,
			Description: section.Description,
			Parent:      string(parent),
			Position:    int64(i + 1),
		}
		if section.Arabic != "" {
			in.Localized = cms.Localized{"ar": {Name: section.Arabic}}
		}
		made, _, err := ensure(ctx, a.newsroom.Sections, text.Slug(in.Name), in)
		if err != nil {
			return err
		}
		if err := a.createSections(ctx, section.Below, made.ID); err != nil {
			return err
		}
	}
	return nil
}

// fillAuthors creates the authors of the demonstration.
func (a *app) fillAuthors(ctx context.Context) error {
	for _, in := range demo.Authors() {
		if _, _, err := ensure(ctx, a.newsroom.Authors, text.Slug(in.Name), in); err != nil {
			return err
		}
	}
	return nil
}

// fillCollections creates the collections of the demonstration with their items.
func (a *app) fillCollections(ctx context.Context) error {
	for _, c := range demo.Collections() {
		made, created, err := ensure(ctx, a.newsroom.Collections, c.Slug, c.CollectionInput)
		if err == nil && created && len(c.Items) > 0 {
			_, err = a.newsroom.Collections.SetItems(
				ctx, demoCall, made.ID, cms.Precondition{Any: true}, c.Items,
			)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fillFronts creates the fronts of the demonstration.
func (a *app) fillFronts(ctx context.Context) error {
	for _, in := range demo.Fronts() {
		if _, _, err := ensure(ctx, a.newsroom.Fronts, in.Slug, in); err != nil {
			return err
		}
	}
	return nil
}

// fillRedirects creates the redirects of the demonstration.
func (a *app) fillRedirects(ctx context.Context) error {
	for _, in := range demo.Redirects() {
		_, err := a.newsroom.Redirects.Create(ctx, demoCall, in)
		if err != nil && !cms.Is(err, cms.Duplicate) { // made before it was broken off
			return err
		}
	}
	return nil
}

// fillAlerts creates the alerts of the demonstration.
func (a *app) fillAlerts(ctx context.Context) error {
	for _, in := range demo.Alerts(time.Now().UTC().Truncate(time.Second)) {
		if _, err := a.newsroom.Alerts.Create(ctx, demoCall, in); err != nil {
			return err
		}
	}
	return nil
}

// fillSite sets the site as the demonstration has it, unless somebody has set it.
func (a *app) fillSite(ctx context.Context) error {
	site, err := a.newsroom.CurrentSite(ctx)
	if err != nil || site.Version > 1 {
		return err
	}
	logo, err := a.demoLogo(ctx)
	if err != nil {
		return err
	}
	_, err = a.newsroom.ReviseSite(ctx, demoCall, cms.Precondition{},
		func(in cms.SiteInput) (cms.SiteInput, error) {
			in = demo.Site(in)
			in.Logo = string(logo)
			in.Icon = string(logo)
			return in, nil
		})
	return err
}

// demoLogo makes a medium of the logo of the demonstration, and returns its id.
func (a *app) demoLogo(ctx context.Context) (cms.ID, error) {
	file, err := demo.Content().Open(demo.Logo)
	if err != nil {
		return "", err
	}
	defer file.Close()
	upload, err := a.newsroom.Media.Receive(ctx, file, demo.Logo)
	if err != nil {
		return "", err
	}
	defer upload.Discard()
	logo, err := a.newsroom.Media.Create(ctx, demoCall, upload,
		func(in cms.MediumInput) cms.MediumInput {
			in.Title = "Logo"
			in.Decorative = true
			return in
		})
	if err != nil {
		return "", err
	}
	return logo.ID, nil
}
