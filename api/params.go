package api

import (
	"time"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// paramValues are the lists of values that the parameters below can have.
var paramValues = map[string][]string{
	"View":           rest.Strings(cms.Views),
	"ArticleType":    rest.Strings(cms.ArticleTypes),
	"Status":         rest.Strings(cms.Statuses),
	"CorrectionType": rest.Strings(cms.CorrectionTypes),
	"RelatedMode":    rest.Strings(cms.RelatedModes),
	"sorts":          cms.ArticleFields.Sorts(),
	"facets":         cms.ArticleFields.Facets(),
	"MediaKind":      rest.Strings(cms.MediaKinds),
	"includes":       cms.ArticleFields.Includes(),
}

// The readers of the parameters.
var (
	readArticleList    = rest.NewParams[articleListParams](paramValues)
	readArticle        = rest.NewParams[articleParams](paramValues)
	readArticleWrite   = rest.NewParams[articleWriteParams](paramValues)
	readRemoval        = rest.NewParams[articleRemovalParams](paramValues)
	readRelated        = rest.NewParams[relatedParams](paramValues)
	readSuggest        = rest.NewParams[suggestParams](paramValues)
	readCorrectionList = rest.NewParams[correctionListParams](paramValues)
	readLinkList       = rest.NewParams[linkListParams](paramValues)
	readView           = rest.NewParams[viewParams](paramValues)
	readNamedList      = rest.NewParams[namedListParams](paramValues)
	readCountedList    = rest.NewParams[countedListParams](paramValues)
	readSectionList    = rest.NewParams[sectionListParams](paramValues)
	readNounRemoval    = rest.NewParams[nounRemovalParams](paramValues)
	readAlertList      = rest.NewParams[alertListParams](paramValues)
	readSite           = rest.NewParams[siteParams](paramValues)
	readRows           = rest.NewParams[rowParams](paramValues)
	readMediaList      = rest.NewParams[mediaListParams](paramValues)
	readEvents         = rest.NewParams[eventListParams](paramValues)
	readRevisionList   = rest.NewParams[revisionListParams](paramValues)
	readUses           = rest.NewParams[useParams](paramValues)
	readRedirectList   = rest.NewParams[redirectListParams](paramValues)
	readResolve        = rest.NewParams[resolveParams](paramValues)
)

// articleListParams are the parameters of the list of articles.
type articleListParams struct {
	// Which side of the articles: live is what readers see; draft needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
	// Only articles that answer these words, wherever they stand: in title, kicker, summary, body,
	// byline or the names of tags, sections and authors. Words in quotation marks stand together,
	// -word must not be there, begin* is the beginning of a word. Case, accents, vowel marks,
	// singular and plural do not matter. Any text is a question.
	Words string `query:"q" maxLength:"500" example:"river \"glacier lake\" -flood"`
	// With q: show in highlight where each article answers.
	Highlight bool `query:"highlight" shows:"true" default:"false"`
	// Also count these values in the whole list: at most 50 each, the most frequent first.
	Facets []string `query:"facets" shows:"true" of:"facets" unique:"true"`
	// Only articles for which this holds (AIP-160). Comparisons: field = value, != < <= > >=,
	// tags:slug, sections:slug (with all below), authors:slug, field:* (has a value), title =
	// begin*, title:part; joined by AND, OR, NOT and parentheses, which must be written where AND
	// and OR meet. Values with spaces stand in double quotes.
	Filter string `query:"filter" maxLength:"4096" of:"filters" example:"type = \"news\" AND NOT tags:sport AND published_at >= \"2026-01-01T00:00:00Z\""`
	// Order of the list; a minus turns it round. Default: with q relevance, else -published_at, in
	// draft view -updated_at. What has no value comes last. relevance compares the newest 1,000
	// answers; -published_at goes through all of them.
	Sort string `query:"sort" of:"sorts" example:"-published_at"`
	// Only these fields of each article.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"id,title,url"`
	// What lists leave out unless asked: body (body_html and outline; in draft view also body and
	// body_format), blocks (the body in parts), related_links, corrections, translations. A page
	// with more than 4 MiB of bodies ends early, with page.next: page by cursor there.
	Include []string `query:"include" shows:"true" of:"includes" unique:"true"`
	// Only these articles.
	IDs []cms.ID `query:"id" format:"uuid"`
	// Only the articles with these slugs.
	Slugs []string `query:"slug"`
	// Only articles with at least one of these tags (ids or slugs).
	TagAny []string `query:"tag"`
	// Only articles with every one of these tags.
	TagAll []string `query:"tag_all"`
	// Only articles with not one of these tags.
	TagNone []string `query:"tag_none"`
	// Only articles in at least one of these sections (ids or slugs), or below it.
	Sections []string `query:"section"`
	// Only articles that at least one of these authors (ids or slugs) has a part in.
	Authors []string `query:"author"`
	// Only these kinds of pieces.
	Types []cms.ArticleType `query:"type"`
	// Only articles in these languages (BCP 47): ar finds ar-EG, too, and ar-EG not ar.
	Locales []string `query:"locale" form:"locale" example:"en"`
	// With locale: of articles that say the same, only the one in the first of these languages that
	// is live.
	Fallback bool `query:"fallback" default:"false"`
	// Only articles first published at this time or later (RFC 3339 time or date).
	PublishedFrom *time.Time `query:"published_from" form:"time" example:"2026-01-01T00:00:00Z"`
	// Only articles first published before this time.
	PublishedUntil *time.Time `query:"published_until" form:"time" example:"2026-07-01T00:00:00Z"`
	// Only articles whose words changed at this time or later.
	UpdatedFrom *time.Time `query:"updated_from" form:"time" example:"2026-01-01T00:00:00Z"`
	// Draft view only: only articles that stand here.
	Statuses []cms.Status `query:"status"`
	// Draft view only: true lists the trash instead of the rest.
	Trashed bool `query:"trashed"`
	rest.PageParams
}

// articleParams are the parameters of one article.
type articleParams struct {
	viewParams
	// Only these fields.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"title,body_html"`
	// What is left out unless asked: blocks (the body in parts), collections (where it stands in
	// them).
	Include []string `query:"include" enums:"blocks,collections" unique:"true" example:"collections"`
}

// viewParams are the parameters of what has two sides.
type viewParams struct {
	// Which side: live is what readers see; draft needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
}

// siteParams are the parameters of the site.
type siteParams struct {
	viewParams
	// What every page shows, too: alerts (those that readers see now), ticker (its rows, in
	// ticker), sections (all, in the order of the tree).
	Include []string `query:"include" enums:"alerts,ticker,sections" unique:"true" example:"alerts,ticker,sections"`
}

// articleWriteParams are the parameters of calls that write an article.
type articleWriteParams struct {
	// Make the tags that do not exist.
	CreateTags bool `query:"create_tags" default:"false"`
}

// articleRemovalParams are the parameters of the removal of an article.
type articleRemovalParams struct {
	// Remove it for good.
	Permanent bool `query:"permanent" default:"false"`
}

// relatedParams are the parameters of the articles that have to do with one.
type relatedParams struct {
	// Who chooses: manual is the editors' links only, auto leaves them out, mixed takes both.
	Mode cms.RelatedMode `query:"mode" default:"mixed" example:"mixed"`
	// How many articles at most.
	Limit int `query:"limit" minimum:"1" maximum:"50" default:"10" example:"10"`
	// Only these fields of each article.
	Fields []string `query:"fields" shows:"true" of:"live_fields" unique:"true" example:"title,url,reasons"`
}

// suggestParams are the parameters of suggestions.
type suggestParams struct {
	// What has been typed so far.
	Words string `query:"q" required:"what has been typed so far" maxLength:"500" example:"cent"`
	// How many suggestions at most.
	Limit int `query:"limit" minimum:"1" maximum:"20" default:"10" example:"10"`
}

// linkListParams are the parameters of the list of all related links.
type linkListParams struct {
	// live: links of live articles as readers see them; draft: all, and needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
	// Only links of this article (id or slug).
	Article string `query:"article"`
	// Only links to this article (id or slug).
	Target string `query:"target"`
	// Only links to pages on this host.
	Host string `query:"host" example:"www.unesco.org"`
	// Only these fields of each row.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"title,url"`
	rest.PageParams
}

// correctionListParams are the parameters of the list of corrections.
type correctionListParams struct {
	// live: corrections of live articles; draft: all, and needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
	// Only corrections of these types.
	Types []cms.CorrectionType `query:"type"`
	// Only corrections of this article (id or slug).
	Article string `query:"article"`
	// Only these fields of each row.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"text,article"`
	rest.PageParams
}

// alertListParams are the parameters of the list of alerts.
type alertListParams struct {
	// live: what readers see now; draft: all, and needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
	// Draft view only: true lists those that readers see now, false the others.
	Active *bool `query:"active"`
	// Only these.
	IDs []cms.ID `query:"id" format:"uuid"`
	// Only these fields of each row.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"text,level"`
	rest.PageParams
}

// redirectListParams are the parameters of the list of redirects.
type redirectListParams struct {
	// live: without what is for editors; draft: with it, and needs a credential.
	View cms.View `query:"view" default:"live" example:"live"`
	// Only those that lead from a path with this in it.
	PathContains string `query:"q" maxLength:"500" example:"/2019/"`
	// Only these.
	IDs []cms.ID `query:"id" format:"uuid"`
	// Only these fields of each row.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"from,to"`
	// Order of the list; a minus turns it round.
	Sort string `query:"sort" enums:"from,-from,updated_at,-updated_at" default:"from" example:"-updated_at"`
	rest.PageParams
}

// mediaListParams are the parameters of the list of media.
type mediaListParams struct {
	// Only those with this in their title, alt, caption, credit or people; upper and lower case are
	// the same.
	Words string `query:"q" maxLength:"500" example:"bridge"`
	// Only these kinds.
	Kinds []cms.MediaKind `query:"kind"`
	// Only these.
	IDs []cms.ID `query:"id" format:"uuid"`
	// Only those that have expired (true), or the others.
	Expired *bool `query:"expired"`
	// Only those that something shows (true), or the others.
	Used *bool `query:"used"`
	// Only these fields of each row.
	Fields []string `query:"fields" shows:"true" of:"fields" unique:"true" example:"id,url,alt"`
	// Order of the list; a minus turns it round.
	Sort string `query:"sort" enums:"created_at,-created_at,updated_at,-updated_at" default:"-created_at" example:"-updated_at"`
	rest.PageParams
}

// revisionListParams are the parameters of the list of revisions of an article.
type revisionListParams struct {
	// Also the saves that are folded into later ones.
	All bool `query:"all" default:"false"`
	rest.PageParams
}

// useParams are the parameters of the lists of what shows a medium or an article.
type useParams struct {
	rest.PageParams
}

// eventListParams are the parameters of the list of events.
type eventListParams struct {
	// Only what happened to these: articles, tags, users ...
	Subjects []cms.ID `query:"subject" format:"uuid"`
	// Only what these users did.
	Actors []cms.ID `query:"actor" format:"uuid"`
	// Only these verbs.
	Verbs []string `query:"verb" itemLength:"64" example:"article.published"`
	// Only what happened at this time or later.
	From *time.Time `query:"from" form:"time" example:"2026-01-01T00:00:00Z"`
	// Only what happened before this time.
	Until *time.Time `query:"until" form:"time" example:"2026-07-01T00:00:00Z"`
	// Only events with a greater number.
	After int `query:"after" minimum:"0" maximum:"9007199254740991" example:"4711"`
	// values: with the fields as they were and are.
	Include []string `query:"include" enums:"values"`
	// Order of the list: the latest first, or the oldest.
	Sort string `query:"sort" enums:"-seq,seq" default:"-seq" example:"seq"`
	rest.PageParams
}

// resolveParams are the parameters of the call that tells where an address leads to.
type resolveParams struct {
	// A path of the site or a URL of it, as somebody asked the site for it. Query and fragment do
	// not matter.
	Path string `query:"path" required:"a path or a URL of the site" maxLength:"8192" example:"/2019/05/how-rivers-are-measured.html"`
}

// rowParams are the parameters of the articles of a collection.
type rowParams struct {
	// How many rows there are at most. Default: the size of the collection.
	Limit int `query:"limit" minimum:"1" maximum:"200" example:"20"`
	// Only these fields of each article.
	Fields []string `query:"fields" shows:"true" of:"row_fields" unique:"true" example:"id,published_at"`
	// What articles lack here unless asked: body (body_html and outline), blocks (the body in
	// parts), related_links, corrections, translations. Rows end early where the bodies have more
	// than 4 MiB: ask for fewer.
	Include []string `query:"include" shows:"true" of:"includes" unique:"true"`
}

// namedListParams are the parameters of a list of nouns that have a name.
type namedListParams struct {
	nounListParams
	// Order of the list; a minus turns it round.
	Sort string `query:"sort" enums:"name,-name,updated_at,-updated_at" default:"name" example:"-updated_at"`
}

// countedListParams are the parameters of a list of nouns that articles refer to.
type countedListParams struct {
	nounListParams
	// Order of the list; a minus turns it round.
	Sort string `query:"sort" enums:"name,-name,updated_at,-updated_at,article_count,-article_count" default:"name" example:"-article_count"`
}

// sectionListParams are the parameters of the list of sections.
type sectionListParams struct {
	nounListParams
	// Order of the list; a minus turns it round. tree: each before those below it, those with the
	// same parent by position, then name.
	Sort string `query:"sort" enums:"tree,-tree,name,-name,updated_at,-updated_at,article_count,-article_count" default:"tree" example:"-article_count"`
}
