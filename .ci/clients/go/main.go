// Command client goes through a day at the desk with the client that oapi-codegen makes.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/oapi-codegen/nullable"

	"masthead/client/masthead"
)

// desk is a signed-in client and the article it works on.
type desk struct {
	api   *masthead.ClientWithResponses
	tag   *masthead.Tag
	draft *masthead.Draft
}

// step is one thing a client does; its name stands in ../steps.
type step struct {
	name string
	take func(context.Context, *desk) error
}

func steps() []step {
	return []step{
		{"sign in", signIn},
		{"who am I", whoAmI},
		{"make a tag", makeTag},
		{"create an article", create},
		{"create it again with the same key", createAgain},
		{"add a related link", link},
		{"publish", publish},
		{"list with filters", list},
		{"page to the end", pageThrough},
		{"conditional read", readAgain},
		{"conflict", conflict},
		{"refused body", refusedBody},
		{"unknown address", unknownAddress},
		{"clean up", cleanUp},
	}
}

func main() {
	d := new(desk)
	for _, s := range steps() {
		if err := s.take(context.Background(), d); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", s.name, err)
			os.Exit(1)
		}
		fmt.Println("ok", s.name)
	}
}

// unlike tells what came instead of what was expected; nil if that came.
func unlike[T comparable](what string, got, want T) error {
	if got != want {
		return fmt.Errorf("%s is %v, not %v", what, got, want)
	}
	return nil
}

// status fails unless a call was answered with the status.
func status(answer *http.Response, body []byte, want int) error {
	if answer.StatusCode != want {
		return fmt.Errorf("answered %d, not %d: %s", answer.StatusCode, want, body)
	}
	return nil
}

func signIn(ctx context.Context, d *desk) (err error) {
	var token string
	bearer := func(_ context.Context, r *http.Request) error {
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		return nil
	}
	if d.api, err = masthead.NewClientWithResponses(os.Getenv("MASTHEAD_URL"), masthead.WithRequestEditorFn(bearer)); err != nil {
		return err
	}
	r, err := d.api.CreateSessionWithResponse(ctx, masthead.Login{Email: os.Getenv("MASTHEAD_EMAIL"), Password: os.Getenv("MASTHEAD_PASSWORD")})
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 200); err != nil {
		return err
	}
	token = r.JSON200.AccessToken
	return nil
}

func whoAmI(ctx context.Context, d *desk) error {
	r, err := d.api.GetMeWithResponse(ctx)
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 200); err != nil {
		return err
	}
	return unlike("e-mail", r.JSON200.Email, os.Getenv("MASTHEAD_EMAIL"))
}

func makeTag(ctx context.Context, d *desk) error {
	r, err := d.api.CreateTagWithResponse(ctx, nil, masthead.TagInput{Name: "Quay (oapi-codegen)"})
	if err != nil {
		return err
	}
	d.tag = r.JSON201
	return status(r.HTTPResponse, r.Body, 201)
}

// write asks for the article, always with the same key.
func write(ctx context.Context, d *desk) (*masthead.CreateArticleResponse, error) {
	key := "oapi-codegen-" + d.tag.Id.String()
	r, err := d.api.CreateArticleWithResponse(ctx, &masthead.CreateArticleParams{IdempotencyKey: &key}, masthead.ArticleInput{
		Title: "The quay at five (oapi-codegen)",
		Type:  nullable.NewNullableWithValue(masthead.ArticleTypeFeature),
		Body:  nullable.NewNullableWithValue("The first boat is *always* the same."),
		Tags:  nullable.NewNullableWithValue([]string{d.tag.Slug}),
	})
	if err != nil {
		return nil, err
	}
	return r, status(r.HTTPResponse, r.Body, 201)
}

func create(ctx context.Context, d *desk) error {
	r, err := write(ctx, d)
	if err != nil {
		return err
	}
	d.draft = r.JSON201
	return unlike("status", d.draft.Status, masthead.StatusDraft)
}

func createAgain(ctx context.Context, d *desk) error {
	r, err := write(ctx, d)
	if err != nil {
		return err
	}
	if err := unlike("id", r.JSON201.Id, d.draft.Id); err != nil {
		return err
	}
	return unlike("Idempotent-Replayed", r.HTTPResponse.Header.Get("Idempotent-Replayed"), "true")
}

func link(ctx context.Context, d *desk) error {
	r, err := d.api.CreateRelatedLinkWithResponse(ctx, d.draft.Id, nil, masthead.RelatedLinkInput{
		Rel:   nullable.NewNullableWithValue(masthead.RelBackground),
		Title: nullable.NewNullableWithValue("Tides of the week"),
		Url:   nullable.NewNullableWithValue("https://example.org/tides"),
	})
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 201); err != nil {
		return err
	}
	return unlike("article is null", r.JSON201.Article.IsNull(), true)
}

func publish(ctx context.Context, d *desk) error {
	view := masthead.ViewDraft
	fresh, err := d.api.GetArticleWithResponse(ctx, d.draft.Id.String(), &masthead.GetArticleParams{View: &view})
	if err != nil {
		return err
	}
	if err := status(fresh.HTTPResponse, fresh.Body, 200); err != nil {
		return err
	}
	version := fresh.HTTPResponse.Header.Get("ETag")
	r, err := d.api.PublishArticleWithResponse(ctx, d.draft.Id, &masthead.PublishArticleParams{IfMatch: version})
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 200); err != nil {
		return err
	}
	return unlike("status", r.JSON200.Status, masthead.StatusPublished)
}

func list(ctx context.Context, d *desk) error {
	limit, sort := 5, masthead.ListArticlesParamsSortPublishedAtDescending
	r, err := d.api.ListArticlesWithResponse(ctx, &masthead.ListArticlesParams{
		Limit: &limit, Sort: &sort,
		Tag:  &[]string{d.tag.Slug, "no-such-tag"},
		Type: &[]masthead.ArticleType{masthead.ArticleTypeFeature, masthead.ArticleTypeNews},
	})
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 200); err != nil {
		return err
	}
	if err := unlike("number of articles", len(r.JSON200.Data), 1); err != nil {
		return err
	}
	return unlike("id", r.JSON200.Data[0].Id, d.draft.Id)
}

func pageThrough(ctx context.Context, d *desk) error {
	limit, count := 7, masthead.ListArticlesParamsCountExact
	seen := make(map[string]bool)
	params := &masthead.ListArticlesParams{Limit: &limit, Count: &count}
	for {
		r, err := d.api.ListArticlesWithResponse(ctx, params)
		if err != nil {
			return err
		}
		if err := status(r.HTTPResponse, r.Body, 200); err != nil {
			return err
		}
		for _, a := range r.JSON200.Data {
			seen[a.Id.String()] = true
		}
		if next, err := r.JSON200.Page.Next.Get(); err == nil {
			params.Cursor = &next
			continue
		}
		if len(seen) <= limit {
			return fmt.Errorf("%d articles are too few to page through", len(seen))
		}
		return unlike("number of articles", int64(len(seen)), *r.JSON200.Page.Total)
	}
}

func readAgain(ctx context.Context, d *desk) error {
	first, err := d.api.GetArticleWithResponse(ctx, d.draft.Slug, nil)
	if err != nil {
		return err
	}
	if err := status(first.HTTPResponse, first.Body, 200); err != nil {
		return err
	}
	same, err := d.api.GetArticleWithResponse(ctx, d.draft.Slug, nil, func(_ context.Context, r *http.Request) error {
		r.Header.Set("If-None-Match", first.HTTPResponse.Header.Get("ETag"))
		return nil
	})
	if err != nil {
		return err
	}
	return status(same.HTTPResponse, same.Body, 304)
}

func conflict(ctx context.Context, d *desk) error {
	r, err := d.api.UpdateArticleWithApplicationMergePatchPlusJSONBodyWithResponse(ctx, d.draft.Id,
		&masthead.UpdateArticleParams{IfMatch: `"1"`}, masthead.ArticlePatch{Kicker: nullable.NewNullableWithValue("On the quay")})
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 412); err != nil {
		return err
	}
	return unlike("type", r.ApplicationproblemJSON412.Type, "/problems/version-mismatch")
}

func refusedBody(ctx context.Context, d *desk) error {
	r, err := d.api.CreateArticleWithBodyWithResponse(ctx, nil, "application/json", strings.NewReader("{}"))
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 422); err != nil {
		return err
	}
	return unlike("pointer", *(*r.ApplicationproblemJSON422.Errors)[0].Pointer, "/title")
}

func unknownAddress(ctx context.Context, d *desk) error {
	r, err := d.api.GetArticleWithResponse(ctx, "there-is-no-such-slug", nil)
	if err != nil {
		return err
	}
	if err := status(r.HTTPResponse, r.Body, 404); err != nil {
		return err
	}
	return unlike("type", r.ApplicationproblemJSON404.Type, "/problems/not-found")
}

func cleanUp(ctx context.Context, d *desk) error {
	article, err := d.api.DeleteArticleWithResponse(ctx, d.draft.Id, &masthead.DeleteArticleParams{IfMatch: "*"})
	if err != nil {
		return err
	}
	if err := status(article.HTTPResponse, article.Body, 204); err != nil {
		return err
	}
	tag, err := d.api.DeleteTagWithResponse(ctx, d.tag.Id, nil)
	if err != nil {
		return err
	}
	return status(tag.HTTPResponse, tag.Body, 204)
}
