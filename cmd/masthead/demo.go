package main

import (
	"context"
	"fmt"

	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/demo"
	"github.com/masthead-cms/masthead/internal/exchange"
	"github.com/masthead-cms/masthead/internal/newsroom"
)

const demoEmail = "admin@example.org"

// fillDemo fills an empty database with demonstration content. If there is no user, it creates an
// administrator and returns their random password.
func (a *app) fillDemo(ctx context.Context) (password string, err error) {
	users, err := a.newsroom.HasUsers(ctx)
	if err != nil {
		return "", err
	}
	if !users {
		password = auth.RandomPassword()
		if _, err := a.newsroom.AddUser(ctx, demoEmail, "Demonstration", cms.Admin,
			password); err != nil {
			return "", err
		}
	}
	for _, trashed := range []bool{false, true} {
		any, err := a.newsroom.Articles(ctx, cms.System, cms.ArticleQuery{
			View: cms.DraftView, Trashed: trashed, Sort: cms.Sort{By: "updated_at"},
			Page: cms.PageRequest{Limit: 1},
		})
		if err != nil || len(any.Rows) > 0 {
			return password, err
		}
	}
	if err := a.fillSections(ctx); err != nil {
		return password, fmt.Errorf("demonstration content: %w", err)
	}
	importer, err := a.newsroom.Importer(cms.System, newsroom.ImportOptions{Source: "demo"})
	if err != nil {
		return password, err
	}
	var items []exchange.Item
	for item := range exchange.Markdown(demo.Content(), exchange.Options{}) {
		items = append(items, item)
	}
	outcomes, err := importer.Add(ctx, items)
	if err != nil {
		return password, fmt.Errorf("demonstration content: %w", err)
	}
	if err := importer.Finish(ctx); err != nil {
		return password, fmt.Errorf("demonstration content: %w", err)
	}
	for _, o := range outcomes {
		if o.Reason != "" || len(o.Notes) > 0 {
			return password, fmt.Errorf(
				"demonstration content: %s: %s %v", o.Item.File, o.Reason, o.Notes,
			)
		}
	}
	return password, nil
}

// fillSections creates the sections of the demonstration if there are none.
func (a *app) fillSections(ctx context.Context) error {
	sections, err := a.newsroom.Sections.List(ctx, cms.System, cms.NounQuery{
		Sort: cms.Sort{By: "tree"},
		Page: cms.PageRequest{Limit: 1},
	})
	if err != nil || len(sections.Rows) > 0 {
		return err
	}
	return a.createSections(ctx, demo.Sections(), "")
}

// createSections creates sections below parent, the id of one; empty: at the top.
func (a *app) createSections(ctx context.Context, list []demo.Section, parent cms.ID) error {
	for i, section := range list {
		in := cms.SectionInput{
			Name:        section.Name,
			Slug:        section.Slug,
			Description: section.Description,
			Parent:      string(parent),
			Position:    int64(i + 1),
		}
		made, err := a.newsroom.Sections.Create(ctx, newsroom.Call{Actor: cms.System}, in)
		if err != nil {
			return err
		}
		if err := a.createSections(ctx, section.Below, made.ID); err != nil {
			return err
		}
	}
	return nil
}
