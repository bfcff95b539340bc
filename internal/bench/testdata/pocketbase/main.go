// The yardstick: PocketBase as it comes, and a command that fills it with the articles of a file,
// an object a line.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"strings"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	app := pocketbase.New()
	if len(os.Args) == 6 && os.Args[1] == "fill" { // fill --dir=... FILE EMAIL PASSWORD
		if err := fill(app, os.Args[3], os.Args[4], os.Args[5]); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

func fill(app *pocketbase.PocketBase, file, email, password string) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	return app.RunInTransaction(func(tx core.App) error {
		if err := superuser(tx, email, password); err != nil {
			return err
		}
		tags, articles, err := collections(tx)
		if err != nil {
			return err
		}
		ids := map[string]string{}
		lines := bufio.NewScanner(content)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if err := add(tx, tags, articles, ids, lines.Bytes()); err != nil {
				return err
			}
		}
		return lines.Err()
	})
}

func superuser(tx core.App, email, password string) error {
	all, err := tx.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	user := core.NewRecord(all)
	user.SetEmail(email)
	user.SetPassword(password)
	return tx.Save(user)
}

// collections makes the two tables, with the indexes that the questions need, readable by
// everybody.
func collections(tx core.App) (tags, articles *core.Collection, err error) {
	tags = core.NewBaseCollection("tags")
	tags.ListRule, tags.ViewRule = types.Pointer(""), types.Pointer("")
	tags.Fields.Add(&core.TextField{Name: "slug", Required: true}, &core.TextField{Name: "name"})
	tags.AddIndex("tags_slug", true, "slug", "")
	if err := tx.Save(tags); err != nil {
		return nil, nil, err
	}
	articles = core.NewBaseCollection("articles")
	articles.ListRule, articles.ViewRule = types.Pointer(""), types.Pointer("")
	articles.Fields.Add(
		&core.TextField{Name: "title", Required: true, Max: 300},
		&core.TextField{Name: "slug", Required: true},
		&core.TextField{Name: "status"},
		&core.TextField{Name: "type"},
		&core.TextField{Name: "locale"},
		&core.TextField{Name: "byline"},
		&core.TextField{Name: "summary", Max: 1000},
		&core.TextField{Name: "body", Max: 500_000},
		&core.DateField{Name: "published_at"},
		&core.JSONField{Name: "links", MaxSize: 100_000},
		&core.RelationField{Name: "tags", CollectionId: tags.Id, MaxSelect: 50},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	articles.AddIndex("articles_slug", true, "slug", "")
	articles.AddIndex("articles_newest", false, "status, published_at", "")
	return tags, articles, tx.Save(articles)
}

func add(tx core.App, tags, articles *core.Collection, ids map[string]string, line []byte) error {
	var item struct {
		Title, Slug, Type, Locale, Byline, Summary, Body string
		PublishedAt                                      string `json:"published_at"`
		Tags                                             []string
		Links                                            json.RawMessage `json:"related_links"`
	}
	if err := json.Unmarshal(line, &item); err != nil {
		return err
	}
	var tagged []string
	for _, name := range item.Tags {
		if ids[name] == "" {
			tag := core.NewRecord(tags)
			tag.Set("name", name)
			tag.Set("slug", strings.ReplaceAll(strings.ToLower(name), " ", "-"))
			if err := tx.SaveNoValidate(tag); err != nil {
				return err
			}
			ids[name] = tag.Id
		}
		tagged = append(tagged, ids[name])
	}
	article := core.NewRecord(articles)
	for name, value := range map[string]any{
		"title": item.Title, "slug": item.Slug, "status": "published", "type": item.Type, "locale": item.Locale, "byline": item.Byline,
		"summary": item.Summary, "body": item.Body, "published_at": item.PublishedAt, "links": item.Links, "tags": tagged,
	} {
		article.Set(name, value)
	}
	return tx.SaveNoValidate(article)
}
