package newsroom

import (
	"slices"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/store"
)

// setGroup lets an article, whose content is set and which is saved behind it, be a translation of
// the one that a reference means, and of all that one is a translation of; empty: of none. A group
// has one article a language. Readers see it at once.
func setGroup(db *store.DB, a *cms.Article, ref string) error {
	target, err := translated(db, a, ref)
	if err != nil || (target == nil && a.GroupID == nil) {
		return err
	}
	saved, others, err := groupOf(db, a)
	if err != nil {
		return err
	}
	if target != nil && (target.ID == a.ID || sameGroup(target, a)) {
		if saved.Locale == a.Locale {
			return nil
		}
		return checkGroup(others, "locale", a.Locale)
	}
	var group []store.Translation
	if target != nil {
		if group, err = db.Group(target); err != nil {
			return err
		}
		err := checkGroup(group, "translation_of", a.Locale, saved.LiveLocale)
		if err != nil {
			return err
		}
	}
	if err := regroup(db, others); err != nil {
		return err
	}
	return joinGroup(db, a, others, group)
}

// joinGroup moves an article from the other articles of a group to those of another one. Either may
// be none.
func joinGroup(db *store.DB, a *cms.Article, was, group []store.Translation) error {
	a.GroupID = nil
	if len(group) > 0 {
		oldest := min(a.ID, group[0].ID)
		a.GroupID = &oldest
	}
	if err := db.SetGroup(idsOf(group), a.GroupID); err != nil {
		return err
	}
	return db.GroupChanged(a, slices.Concat(idsOf(was), idsOf(group)))
}

// translated returns the article that an article shall be a translation of, nil if there is none.
func translated(db *store.DB, a *cms.Article, ref string) (*cms.Article, error) {
	if ref == string(a.ID) { // the oldest of a group names itself
		return a, nil
	}
	id, err := linkedArticle(db, ref, "translation_of")
	if err != nil || id == nil {
		return nil, err
	}
	return db.Article(*id)
}

func sameGroup(x, y *cms.Article) bool {
	return x.GroupID != nil && y.GroupID != nil && *x.GroupID == *y.GroupID
}

// groupOf returns an article, as it is saved, and the others of its group. An article that is new
// is not saved yet.
func groupOf(db *store.DB, a *cms.Article) (saved store.Translation, others []store.Translation,
	err error) {
	all, err := db.Group(a)
	for _, t := range all {
		if t.ID == a.ID {
			saved = t
		} else {
			others = append(others, t)
		}
	}
	return saved, others, err
}

// checkGroup returns an error if an article in some languages, of its working copy and of its live
// edition, cannot be in a group with others. It names the field that was to bring it there.
func checkGroup(others []store.Translation, field string, locales ...string) error {
	if len(others) >= cms.MaxTranslations {
		return cms.FieldErrorf(cms.Invalid, field, "too_many",
			"%d articles are translations of each other; that is as many as there can be.",
			len(others))
	}
	for _, t := range others {
		switch {
		case slices.Contains(locales, t.Locale):
			return cms.FieldErrorf(cms.Duplicate, field, "taken",
				"There is a translation in %s already: %s.", t.Locale, t.ID)
		case t.LiveLocale != "" && slices.Contains(locales, t.LiveLocale):
			return takenLive(t, field)
		}
	}
	return nil
}

// checkLive returns a Duplicate error if readers see another article of its group in the language
// of an article that is to be published.
func checkLive(db *store.DB, a *cms.Article) error {
	if a.GroupID == nil {
		return nil
	}
	_, others, err := groupOf(db, a)
	for _, t := range others {
		if t.LiveLocale == a.Locale {
			return takenLive(t, "locale")
		}
	}
	return err
}

// takenLive returns the error that readers see a translation in its language.
func takenLive(t store.Translation, field string) error {
	return cms.FieldErrorf(cms.Duplicate, field, "taken",
		"Readers see a translation in %s already: %s. Withdraw it first, or publish it in another "+
			"language.", t.LiveLocale, t.ID)
}

// regroup lets articles be a group without one that has left it: they are named by the oldest of
// them, and one alone is in none.
func regroup(db *store.DB, left []store.Translation) error {
	switch len(left) {
	case 0:
		return nil
	case 1:
		return db.SetGroup(idsOf(left), nil)
	}
	return db.SetGroup(idsOf(left), &left[0].ID)
}

func idsOf(list []store.Translation) []cms.ID {
	ids := make([]cms.ID, len(list))
	for i, t := range list {
		ids[i] = t.ID
	}
	return ids
}
