package api

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// CollectionRow is a collection as lists show it.
type CollectionRow struct {
	NounRef
	// What the collection is for.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"What everybody should read today."`
	// What it is called in other languages, by locale (BCP 47).
	Localized map[string]LocalizedNoun `json:"localized" maxProperties:"50" examplejson:"{\"ar\": {\"name\": \"آسيا الوسطى\", \"description\": null}}"`
	// How many rows are shown unless it is said how many.
	Size int64 `json:"size" minimum:"1" maximum:"200" example:"20"`
	// What fills it up behind its items; null: nothing does.
	Rule *Rule `json:"rule" examplejson:"{\"filter\": \"tags:water\", \"q\": null, \"sort\": \"-published_at\"}"`
	NounTimes
} // @name CollectionRow

// Collection is a list of articles here and pages elsewhere that editors make.
type Collection struct {
	CollectionRow
	// What editors have put in it, in order. Readers get what is in its time, and articles while
	// they are live.
	Items []CollectionItem `json:"items" maxItems:"200"`
} // @name Collection

// Rule finds articles as the list of articles does.
type Rule struct {
	// Only articles for which this holds, as filter of the list of articles. It goes on meaning the
	// same when what it names is renamed.
	Filter *string `json:"filter" minLength:"1" maxLength:"16384" example:"tags:water"`
	// Only articles that answer these words, as q of the list of articles.
	Words *string `json:"q" minLength:"1" maxLength:"500" example:"river"`
	// Their order, as sort of the list of articles.
	Sort *string `json:"sort" minLength:"1" maxLength:"20" example:"-published_at"`
} // @name Rule

// CollectionItem is a place in a collection that an editor has filled.
type CollectionItem struct {
	// Identifier.
	ID string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a41"`
	// Its place, from 1, among the items that are shown.
	Position int `json:"position" minimum:"1" maximum:"200" example:"1"`
	// The article here; null: a page elsewhere.
	Article *ArticleLink `json:"article"`
	// The page elsewhere; null: an article here.
	URL *string `json:"url" format:"iri" minLength:"1" maxLength:"2048" example:"https://example.org/page"`
	// Title; null: that of the article.
	Title *string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// Kicker; null: that of the article.
	Kicker *string `json:"kicker" minLength:"1" maxLength:"120" example:"Water"`
	// Summary; null: that of the article.
	Summary *string `json:"summary" minLength:"1" maxLength:"1000" example:"A stick, a clock and patience."`
	// From when readers see it; null: at once.
	From *time.Time `json:"from" format:"date-time" example:"2026-03-12T08:00:00Z"`
	// Picture of its own.
	Image *Picture `json:"image"`
	// From when they no longer do; null: for good.
	Until *time.Time `json:"until" format:"date-time" example:"2026-03-13T08:00:00Z"`
} // @name CollectionItem

// CollectionInput is a collection as it is written, without its items.
type CollectionInput struct {
	NounInput
	// What the collection is for.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"What everybody should read today."`
	// How many rows are shown unless it is said how many. Default: 20.
	Size *int64 `json:"size,omitempty" minimum:"1" maximum:"200" extensions:"x-nullable" example:"20"`
	// What fills it up behind its items. Default: nothing does.
	Rule *RuleInput `json:"rule,omitempty" extensions:"x-nullable"`
	// What it shall be called in other languages, by locale (BCP 47). One without words
	// is taken away.
	Localized *map[string]LocalizedNounInput `json:"localized,omitempty" maxProperties:"50" extensions:"x-nullable" examplejson:"{\"ar\": {\"name\": \"آسيا الوسطى\"}}"`
} // @name CollectionInput

// RuleInput finds articles as the list of articles does.
type RuleInput struct {
	// Only articles for which this holds, as filter of the list of articles in live view. What it
	// names is kept by id.
	Filter *string `json:"filter,omitempty" maxLength:"4096" extensions:"x-nullable" example:"tags:water"`
	// Only articles that answer these words, as q of the list of articles.
	Words *string `json:"q,omitempty" maxLength:"500" extensions:"x-nullable" example:"river"`
	// Their order, as sort of the list of articles. Default: relevance with q, else -published_at.
	Sort *string `json:"sort,omitempty" maxLength:"20" extensions:"x-nullable" example:"-published_at"`
} // @name RuleInput

// CollectionItemFields are what may be left out of an item that is written.
type CollectionItemFields struct {
	// The article here, by id or slug; then leave url out.
	Article *string `json:"article,omitempty" maxLength:"240" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a13"`
	// The page elsewhere, http or https.
	URL *string `json:"url,omitempty" format:"iri" maxLength:"2048" form:"url" extensions:"x-nullable" example:"https://example.org/page"`
	// Title; required with url. Default: that of the article.
	Title *string `json:"title,omitempty" maxLength:"300" form:"line" extensions:"x-nullable" example:"How rivers are measured"`
	// Kicker. Default: that of the article.
	Kicker *string `json:"kicker,omitempty" maxLength:"120" form:"line" extensions:"x-nullable" example:"Water"`
	// Summary. Default: that of the article.
	Summary *string `json:"summary,omitempty" maxLength:"1000" extensions:"x-nullable" example:"A stick, a clock and patience."`
	// Picture, by the id of a medium. Default: that of the article.
	Image *string `json:"image,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51"`
	// From when readers shall see it. Default: at once.
	From *time.Time `json:"from,omitempty" format:"date-time" extensions:"x-nullable" example:"2026-03-12T08:00:00Z"`
	// From when they no longer shall. Default: never.
	Until *time.Time `json:"until,omitempty" format:"date-time" extensions:"x-nullable" example:"2026-03-13T08:00:00Z"`
}

// CollectionItemInput is an item as it is written: an article here (article) or a page elsewhere
// (url and title).
//
//openapi:example {"article": "how-rivers-are-measured", "kicker": "Water", "until": "2026-03-13T08:00:00Z", "position": 1}
type CollectionItemInput struct {
	CollectionItemFields
	// Its place, from 1, among all items; those from there on move down. Default: last, or where it
	// is.
	Position *int `json:"position,omitempty" minimum:"1" maximum:"2147483647" extensions:"x-nullable" example:"1"`
} // @name CollectionItemInput

// CollectionItemEntry is an item in a list that replaces all items of a collection.
//
//openapi:example {"article": "how-rivers-are-measured", "kicker": "Water"}
type CollectionItemEntry struct {
	// Identifier of an item the collection has, to keep it: as it is if nothing else is said, else
	// as said. Left out for a new one.
	ID *string `json:"id,omitempty" format:"uuid" extensions:"x-nullable" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a41"`
	CollectionItemFields
} // @name CollectionItemEntry

// CollectionItemList replaces all items of a collection.
type CollectionItemList struct {
	// The items, in the order they shall have.
	Data []CollectionItemEntry `json:"data" maxItems:"200"`
} // @name CollectionItemList

// Row is what stands in one place of a collection or a front.
type Row struct {
	// What to paint: the words of the item where it has any, else those of the article.
	Item RowItem `json:"item"`
	// The article, as lists show it; null: a page elsewhere.
	Article *ArticleRow `json:"article" selected:"true"`
} // @name Row

// RowItem is what to paint of a row.
type RowItem struct {
	// Identifier of the item; null: the rule has found the article.
	ID *string `json:"id" format:"uuid" example:"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a41"`
	// Whether an editor has put it here.
	Pinned bool `json:"pinned" example:"true"`
	// Where it leads; percent-encoded.
	URL string `json:"url" format:"uri-reference" minLength:"1" maxLength:"8192" example:"https://news.example.org/articles/how-rivers-are-measured"`
	// Title.
	Title string `json:"title" minLength:"1" maxLength:"300" example:"How rivers are measured"`
	// The short line above the title.
	Kicker *string `json:"kicker" minLength:"1" maxLength:"120" example:"Water"`
	// The standfirst.
	Summary *string `json:"summary" minLength:"1" maxLength:"1000" example:"A stick, a clock and patience."`
	// Picture.
	Image *Picture `json:"image"`
} // @name RowItem

// RowPage is the rows of a collection; there is one page of them.
type RowPage struct {
	// The rows.
	Data []Row `json:"data" maxItems:"200"`
	// How many rows there are at most; there are no other pages.
	Page rest.PageInfo `json:"page"`
} // @name RowPage

// row is a Row whose article may be there in part.
type row struct {
	Item    RowItem `json:"item"`
	Article any     `json:"article"`
}

// rows returns rows as readers see them, with only the given fields of articles (nil: all).
func (s *Server) rows(list []cms.Row, with cms.Parts, fields []string) []row {
	out := make([]row, len(list))
	for i, r := range s.wholeRows(list, with) {
		out[i].Item = r.Item
		if r.Article != nil {
			out[i].Article = rest.SelectFields(r.Article, fields)
		}
	}
	return out
}

// wholeRows returns rows as readers see them.
func (s *Server) wholeRows(list []cms.Row, with cms.Parts) []Row {
	out := make([]Row, len(list))
	for i, r := range list {
		if r.Article != nil {
			a := s.articleIn(r.Article, with)
			out[i].Item = RowItem{
				URL: a.URL, Title: a.Title, Kicker: a.Kicker, Summary: a.Summary, Image: a.Image,
			}
			out[i].Article = &a
		}
		if r.Item != nil {
			out[i].Item.pin(r.Item, s.newPicture(r.Item.Image, localeOf(r.Article)))
		}
	}
	return out
}

// localeOf returns the language of an article, empty if there is none.
func localeOf(a *cms.ArticleView) string {
	if a == nil {
		return ""
	}
	return a.Content().Locale
}

// pin sets what an editor has said of a row, with a picture of its own, if it has one.
func (r *RowItem) pin(item *cms.Item, picture *Picture) {
	id := string(item.ID)
	r.ID = &id
	r.Pinned = true
	if item.URL != "" {
		r.URL = item.URL
	}
	if item.Title != "" {
		r.Title = item.Title
	}
	if item.Kicker != "" {
		r.Kicker = &item.Kicker
	}
	if item.Summary != "" {
		r.Summary = &item.Summary
	}
	if picture != nil {
		r.Image = picture
	}
}

// newCollectionRow returns a collection as lists show it.
func newCollectionRow(c *cms.Collection) CollectionRow {
	out := CollectionRow{
		NounRef:     nounHead(&c.Base, c.Name),
		Description: nilIfEmpty(c.Description),
		Localized:   localized(c.Localized, newLocalizedNoun),
		Size:        c.Size,
		NounTimes:   nounTimes(&c.Record),
	}
	if r := c.NamedRule; r != nil {
		out.Rule = &Rule{nilIfEmpty(r.Filter), nilIfEmpty(r.Words), nilIfEmpty(r.Sort)}
	}
	return out
}

// newCollection returns a collection as callers see it.
func (s *Server) newCollection(c *cms.Collection) Collection {
	out := Collection{newCollectionRow(c), make([]CollectionItem, len(c.Items))}
	for i := range c.Items {
		out.Items[i] = s.newCollectionItem(&c.Items[i])
	}
	return out
}

// newCollectionDraft returns a collection as editors see it.
func (s *Server) newCollectionDraft(c *cms.Collection) Collection {
	out := s.newCollection(c)
	out.SetVersion(c.Version)
	for i := range c.Items {
		out.Items[i].Image = s.newDraftPicture(c.Items[i].Image, "")
	}
	return out
}

func (s *Server) newCollectionItem(i *cms.ItemDetail) CollectionItem {
	return CollectionItem{
		ID:       string(i.ID),
		Position: i.Position,
		Article:  s.articleLink(i.Target),
		URL:      nilIfEmpty(i.URL),
		Title:    nilIfEmpty(i.Title),
		Kicker:   nilIfEmpty(i.Kicker),
		Summary:  nilIfEmpty(i.Summary),
		Image:    s.newPicture(i.Image, ""),
		From:     i.From,
		Until:    i.Until,
	}
}

// input returns what the body of a collection sets.
func (in *CollectionInput) input() cms.CollectionInput {
	out := cms.CollectionInput{
		Localized:   localizedInput(in.Localized, LocalizedNounInput.words),
		Name:        in.Name,
		Slug:        deref(in.Slug),
		Description: deref(in.Description),
		Size:        cms.DefaultCollectionSize,
	}
	if in.Size != nil {
		out.Size = *in.Size
	}
	if r := in.Rule; r != nil {
		out.Rule = &cms.Rule{Filter: deref(r.Filter), Words: deref(r.Words), Sort: deref(r.Sort)}
	}
	return out
}

// toCollectionInput returns the inverse of input.
func toCollectionInput(in cms.CollectionInput) CollectionInput {
	out := CollectionInput{
		NounInput:   NounInput{in.Name, nilIfEmpty(in.Slug)},
		Localized:   writtenLocalized(in.Localized, toLocalizedNounInput),
		Description: nilIfEmpty(in.Description),
		Size:        &in.Size,
	}
	if r := in.Rule; r != nil {
		out.Rule = &RuleInput{nilIfEmpty(r.Filter), nilIfEmpty(r.Words), nilIfEmpty(r.Sort)}
	}
	return out
}

// input returns what a written item says.
func (in *CollectionItemFields) input() cms.ItemInput {
	return cms.ItemInput{
		Article: deref(in.Article),
		URL:     deref(in.URL),
		Title:   deref(in.Title),
		Kicker:  deref(in.Kicker),
		Summary: deref(in.Summary),
		Image:   mediumRef(in.Image),
		From:    in.From,
		Until:   in.Until,
	}
}

func (in *CollectionItemInput) input() cms.ItemInput {
	out := in.CollectionItemFields.input()
	out.Position = position(in.Position)
	return out
}

// position returns a position that was sent, 0 if none was, and -1 for one that is out of range.
func position(sent *int) int {
	if sent != nil && *sent < 1 {
		return -1
	}
	return deref(sent)
}

// toItemInput returns the inverse of input.
func toItemInput(in cms.ItemInput) CollectionItemInput {
	return CollectionItemInput{CollectionItemFields: CollectionItemFields{
		Article: nilIfEmpty(in.Article),
		URL:     nilIfEmpty(in.URL),
		Title:   nilIfEmpty(in.Title),
		Kicker:  nilIfEmpty(in.Kicker),
		Summary: nilIfEmpty(in.Summary),
		Image:   nilIfEmpty(in.Image),
		From:    in.From,
		Until:   in.Until,
	}}
}

// itemInputs returns what a replacing list says.
func itemInputs(entries []CollectionItemEntry) ([]cms.ItemInput, error) {
	if len(entries) > cms.MaxItems {
		return nil, cms.FieldErrorf(cms.Invalid, "data", "too_many",
			"A collection has at most %d items; these are %d.", cms.MaxItems, len(entries))
	}
	list := make([]cms.ItemInput, len(entries))
	for i := range entries {
		list[i] = entries[i].CollectionItemFields.input()
		if entries[i].ID == nil {
			continue
		}
		id, err := entryID(i, *entries[i].ID)
		if err != nil {
			return nil, err
		}
		list[i].ID = id
		list[i].Keep = entries[i].CollectionItemFields == CollectionItemFields{}
	}
	return list, nil
}
