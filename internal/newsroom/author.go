package newsroom

import (
	"context"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
	"github.com/masthead-cms/masthead/internal/text"
)

// Authors are the verbs of authors.
type Authors struct {
	Noun[cms.AuthorProfile, *cms.AuthorProfile, cms.AuthorInput]
}

func newAuthors(n *Newsroom) *Authors {
	a := &Authors{Noun[cms.AuthorProfile, *cms.AuthorProfile, cms.AuthorInput]{
		kind:     cms.AuthorNoun,
		create:   cms.WriteAuthor,
		revise:   cms.WriteAuthor,
		rows:     store.Authors{},
		input:    (*cms.AuthorProfile).Input,
		newsroom: n,
	}}
	a.apply = a.applyInput
	return a
}

// Merge merges an author into another one (by id or slug), which is returned.
func (a *Authors) Merge(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	into string) (*cms.AuthorProfile, error) {
	return a.merge(ctx, call, id, match, into, mergeAuthor)
}

// Delete deletes an author that no article refers to. With into, an id or slug, another one takes
// its place: it gets the articles and the slugs.
func (a *Authors) Delete(ctx context.Context, call Call, id cms.ID, match cms.Precondition,
	into string) error {
	if into == "" {
		return a.Noun.Delete(ctx, call, id, match)
	}
	_, err := a.Merge(ctx, call, id, match, into)
	return aboutInto(err)
}

// mergeAuthor gives the articles of an author to another one and deletes it.
func mergeAuthor(db *store.DB, from *cms.AuthorProfile, target cms.ID) error {
	into, err := store.Authors{}.ByID(db, target)
	if err != nil {
		return err
	}
	into.Version++
	into.UpdatedAt = db.Now()
	return store.Authors{}.Merge(db, from.ID, into)
}

func (a *Authors) applyInput(db *store.DB, n *cms.AuthorProfile, in cms.AuthorInput) error {
	in.Name = cms.TrimLine(in.Name)
	in.JobTitle = cms.TrimLine(in.JobTitle)
	slug, err := a.slugFor(db, &n.Base, in.Slug, in.Name)
	if err != nil {
		return err
	}
	var user *cms.ID
	if id, ok := cms.ParseID(in.User); ok {
		exists, err := db.UserExists(id)
		if err != nil {
			return err
		}
		if !exists {
			return cms.FieldErrorf(cms.Invalid, "user", "unknown", "There is no user %s.", id)
		}
		user = &id
	}
	if err := checkMedium(db, cms.ID(in.Image), cms.ImageMedium, "image"); err != nil {
		return err
	}
	n.ImageID = cms.ID(in.Image)
	bio, err := bioHTML("bio", in.Bio, n.ID)
	if err != nil {
		return err
	}
	n.Slug = slug
	n.Localized = in.Localized.Canonical()
	n.Name = in.Name
	n.NameKey = text.NameKey(in.Name)
	n.Bio = in.Bio
	n.BioHTML = bio
	for locale, words := range n.Localized {
		words.BioHTML, err = bioHTML("localized/"+locale+"/bio", words.Bio, n.ID)
		if err != nil {
			return err
		}
		n.Localized[locale] = words
	}
	n.JobTitle = in.JobTitle
	n.Links = append([]cms.AuthorLink{}, in.Links...)
	n.SameAs = append([]string{}, in.SameAs...)
	n.UserID = user
	return nil
}

// bioHTML returns a bio, which a field has, as readers see it. It returns an Invalid error if it
// shows media of the library: bios have no places for them.
func bioHTML(field, bio string, id cms.ID) (string, error) {
	_, out := renderBody(cms.Markdown, bio, footnotePrefix(id))
	if len(out.Media) > 0 {
		return "", cms.FieldErrorf(cms.Invalid, field, "invalid",
			"A bio shows no media of the library; set the author's image, or link to a page.")
	}
	return strings.TrimSpace(out.HTML), bodyError(field, out.Problems)
}
