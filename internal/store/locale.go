package store

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
)

// inLanguage returns the condition that a column has a locale of a language: ar has ar-EG, too.
func inLanguage(column, language string) database.Fragment {
	return database.SQL("("+column+" = ? OR "+column+" >= ? AND "+column+" < ?)",
		language, language+"-", language+".") // the full stop follows the hyphen
}

// lookUpLocales adds to a query that for the locales of live articles, which takes a step along the
// index for each.
func (a *articleQuery) lookUpLocales(query *database.Fragment) {
	if a.q.Locales == nil || a.q.View != cms.LiveView {
		return
	}
	a.locales = []string{}
	*query = query.Plus(` UNION ALL SELECT * FROM (WITH RECURSIVE l (v) AS (
			SELECT min(e.locale) FROM editions AS e WHERE e.live
			UNION ALL SELECT (SELECT min(e.locale) FROM editions AS e
				WHERE e.live AND e.locale > l.v) FROM l WHERE l.v IS NOT NULL)
		SELECT 'locale' AS kind, '' AS noun, l.v AS ref, '' AS id, '' AS below, '' AS term,
			0 AS n FROM l WHERE l.v IS NOT NULL) AS y`)
}

// addLocale notes a locale that articles have, if it is in one of the languages asked for.
func (a *articleQuery) addLocale(locale string) {
	isIn := func(language string) bool { return cms.InLanguage(locale, language) }
	if slices.ContainsFunc(a.q.Locales, isIn) {
		a.locales = append(a.locales, locale)
	}
}

// inLocales leaves out the rows in none of the languages that are asked for. Live rows are found by
// the locales that there are, along an index.
func (a *articleQuery) inLocales(rows database.Select) database.Select {
	if a.q.Locales == nil || a.q.View == cms.LiveView {
		return database.WhereIn(a.db.Tx, rows, "a.locale", a.locales)
	}
	var some database.Fragment
	for i, language := range a.q.Locales {
		joint := " OR "
		if i == 0 {
			joint = ""
		}
		one := inLanguage("a.locale", language)
		some = some.Plus(joint+one.Text, one.Args...)
	}
	return rows.Where("("+some.Text+")", some.Args...)
}
