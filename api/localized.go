package api

import "github.com/masthead-cms/masthead/internal/cms"

// LocalizedNoun is what a noun is called in another language.
type LocalizedNoun struct {
	// Name; null: the noun's own.
	Name *string `json:"name" minLength:"1" maxLength:"100" example:"آسيا الوسطى"`
	// Description; null: the noun's own.
	Description *string `json:"description" minLength:"1" maxLength:"1000" example:"الجمهوريات الخمس وجيرانها."`
} // @name LocalizedNoun

// LocalizedNounInput is what a noun shall be called in another language.
type LocalizedNounInput struct {
	// Name. Default: the noun's own.
	Name *string `json:"name,omitempty" maxLength:"100" form:"line" extensions:"x-nullable" example:"آسيا الوسطى"`
	// Description. Default: the noun's own.
	Description *string `json:"description,omitempty" maxLength:"1000" extensions:"x-nullable" example:"الجمهوريات الخمس وجيرانها."`
} // @name LocalizedNounInput

// LocalizedFront is what a front is called in another language.
type LocalizedFront struct {
	// Name; null: the front's own.
	Name *string `json:"name" minLength:"1" maxLength:"100" example:"الصفحة الأولى"`
} // @name LocalizedFront

// LocalizedFrontInput is what a front shall be called in another language.
type LocalizedFrontInput struct {
	// Name. Default: the front's own.
	Name *string `json:"name,omitempty" maxLength:"100" form:"line" extensions:"x-nullable" example:"الصفحة الأولى"`
} // @name LocalizedFrontInput

// LocalizedAuthor is what is said of an author in another language.
type LocalizedAuthor struct {
	// Name; null: the author's own.
	Name *string `json:"name" minLength:"1" maxLength:"100" example:"آدا لوفليس"`
	// What the author does; null: as the author has it.
	JobTitle *string `json:"job_title" minLength:"1" maxLength:"200" example:"مراسلة"`
	// About the author, as sanitised HTML; null: as the author has it.
	BioHTML *string `json:"bio_html" unbounded:"HTML can be several times as long as what it was made of" example:"<p>تكتب عن الماء ومن يتقاسمونه.</p>"`
	// About the author, as it was written (Markdown).
	Bio *string `json:"bio" minLength:"1" maxLength:"10000" example:"تكتب عن الماء ومن يتقاسمونه."`
} // @name LocalizedAuthor

// LocalizedAuthorInput is what shall be said of an author in another language.
type LocalizedAuthorInput struct {
	// Name. Default: the author's own.
	Name *string `json:"name,omitempty" maxLength:"100" form:"line" extensions:"x-nullable" example:"آدا لوفليس"`
	// What the author does. Default: as the author has it.
	JobTitle *string `json:"job_title,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"مراسلة"`
	// About the author, in Markdown. Default: as the author has it.
	Bio *string `json:"bio,omitempty" maxLength:"10000" extensions:"x-nullable" example:"تكتب عن الماء ومن يتقاسمونه."`
} // @name LocalizedAuthorInput

// LocalizedSite is what the site is called in another language.
type LocalizedSite struct {
	// Name; null: the site's own.
	Name *string `json:"name" minLength:"1" maxLength:"100" example:"الصباح"`
	// Tagline; null: the site's own.
	Tagline *string `json:"tagline" minLength:"1" maxLength:"200" example:"كل يوم قبل السادسة"`
} // @name LocalizedSite

// LocalizedSiteInput is what the site shall be called in another language.
type LocalizedSiteInput struct {
	// Name. Default: the site's own.
	Name *string `json:"name,omitempty" maxLength:"100" form:"line" extensions:"x-nullable" example:"الصباح"`
	// Tagline. Default: the site's own.
	Tagline *string `json:"tagline,omitempty" maxLength:"200" form:"line" extensions:"x-nullable" example:"كل يوم قبل السادسة"`
} // @name LocalizedSiteInput

// localized returns words in other languages as W shows them.
func localized[W any](all cms.Localized, show func(cms.Words) W) map[string]W {
	out := make(map[string]W, len(all))
	for locale, words := range all {
		out[locale] = show(words)
	}
	return out
}

// localizedInput returns the words that a body sets.
func localizedInput[W any](written *map[string]W, parse func(W) cms.Words) cms.Localized {
	all := cms.Localized{}
	for locale, words := range deref(written) {
		all[locale] = parse(words)
	}
	return all
}

// writtenLocalized returns the inverse of localizedInput, given that of parse.
func writtenLocalized[W any](all cms.Localized, format func(cms.Words) W) *map[string]W {
	written := localized(all, format)
	return &written
}

func newLocalizedNoun(w cms.Words) LocalizedNoun {
	return LocalizedNoun{nilIfEmpty(w.Name), nilIfEmpty(w.Description)}
}

func (in LocalizedNounInput) words() cms.Words {
	return cms.Words{Name: deref(in.Name), Description: deref(in.Description)}
}

func toLocalizedNounInput(w cms.Words) LocalizedNounInput {
	return LocalizedNounInput{nilIfEmpty(w.Name), nilIfEmpty(w.Description)}
}

func newLocalizedFront(w cms.Words) LocalizedFront { return LocalizedFront{nilIfEmpty(w.Name)} }

func (in LocalizedFrontInput) words() cms.Words { return cms.Words{Name: deref(in.Name)} }

func toLocalizedFrontInput(w cms.Words) LocalizedFrontInput {
	return LocalizedFrontInput{nilIfEmpty(w.Name)}
}

func newLocalizedAuthor(w cms.Words) LocalizedAuthor {
	return LocalizedAuthor{
		Name:     nilIfEmpty(w.Name),
		JobTitle: nilIfEmpty(w.JobTitle),
		BioHTML:  nilIfEmpty(w.BioHTML),
		Bio:      nilIfEmpty(w.Bio),
	}
}

func (in LocalizedAuthorInput) words() cms.Words {
	return cms.Words{Name: deref(in.Name), JobTitle: deref(in.JobTitle), Bio: deref(in.Bio)}
}

func toLocalizedAuthorInput(w cms.Words) LocalizedAuthorInput {
	return LocalizedAuthorInput{nilIfEmpty(w.Name), nilIfEmpty(w.JobTitle), nilIfEmpty(w.Bio)}
}

func newLocalizedSite(w cms.Words) LocalizedSite {
	return LocalizedSite{nilIfEmpty(w.Name), nilIfEmpty(w.Tagline)}
}

func (in LocalizedSiteInput) words() cms.Words {
	return cms.Words{Name: deref(in.Name), Tagline: deref(in.Tagline)}
}

func toLocalizedSiteInput(w cms.Words) LocalizedSiteInput {
	return LocalizedSiteInput{nilIfEmpty(w.Name), nilIfEmpty(w.Tagline)}
}
