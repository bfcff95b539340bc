package store

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
)

// fill sets every field of a struct to something that no other has.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Field(i)
		*n++
		if f.Kind() == reflect.Pointer {
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		switch {
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(time.Unix(int64(1_700_000_000+*n), 0).UTC()))
		case f.Type() == reflect.TypeFor[[]cms.Heading]():
			f.Set(reflect.ValueOf([]cms.Heading{{Level: 2, Text: "Of <the> river", ID: "h-1"}}))
		case f.Type() == reflect.TypeFor[[]cms.ID]():
			f.Set(reflect.ValueOf([]cms.ID{"tag-1", "tag-2"}))
		case f.Kind() == reflect.String:
			f.SetString("value " + string(rune('a'+*n%26)) + string(rune('a'+*n/26)))
		case f.CanInt():
			f.SetInt(int64(*n))
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.Kind() == reflect.Struct:
			fill(t, f, n)
		default:
			t.Fatalf("the test does not know how to fill %s", v.Type().Field(i).Name)
		}
	}
}

// The rows of the tables that every article fills are written by hand: a field that is forgotten there is lost.
func TestEveryFieldOfANewArticleIsKept(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := 0
	var a cms.Article
	var text cms.Text
	var e cms.Edition
	var u cms.User
	fill(t, reflect.ValueOf(&a).Elem(), &n)
	fill(t, reflect.ValueOf(&text).Elem(), &n)
	fill(t, reflect.ValueOf(&e).Elem(), &n)
	fill(t, reflect.ValueOf(&u).Elem(), &n)
	e.ArticleID, *a.CreatedBy = a.ID, u.ID
	var got struct {
		article *cms.Article
		text    *cms.Text
		edition cms.Edition
	}
	err = s.Write(context.Background(), func(db *DB) error {
		if err := db.GORM.Create(&u).Error; err != nil {
			return err
		}
		for _, id := range e.Tags {
			if err := db.AddTag(&cms.Tag{ID: id, Slug: string(id)}); err != nil {
				return err
			}
		}
		words := WordsOf(&a.Content, text.HTML)
		if err := db.AddArticles([]NewArticle{{Article: &a, Text: &text, Words: &words, Edition: &e}}); err != nil {
			return err
		}
		if got.article, err = db.Article(a.ID); err != nil {
			return err
		}
		if got.text, err = db.Text(a.ID); err != nil {
			return err
		}
		return first(db.GORM.Where("article_id = ?", a.ID), &got.edition)
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]any{
		"article": {&a, got.article}, "text": {&text, got.text}, "edition": {&e, &got.edition},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: saved %+v\n  is %+v", what, pair[0], pair[1])
		}
	}
}
