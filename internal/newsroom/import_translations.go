package newsroom

import (
	"github.com/masthead-cms/masthead/internal/cms"
)

// translatedItem is an item that says which others say the same in other languages.
type translatedItem struct {
	article cms.ID
	key     string
	outcome *Outcome
}

// recordTranslation lets the article of an item join its translations when the batch is saved,
// unless the item has said the same before: editors may have ordered them otherwise since.
func (b *batch) recordTranslation(article cms.ID, p *prepared, o *Outcome) {
	key := p.item.TranslationKey
	if key != "" && key != b.imports[p.item.Key].TranslationKey {
		b.translated = append(b.translated, translatedItem{article, key, o})
	}
}

// keepGroup lets an article that is in another language than before, and which is saved behind it,
// leave its translations, with a note, if one of them has that language.
func (b *batch) keepGroup(a *cms.Article, o *Outcome) error {
	if a.GroupID == nil {
		return nil
	}
	err := setGroup(b.db, a, string(a.ID))
	refusal := refusalOf(err)
	if refusal == nil {
		return err
	}
	o.Notes = append(o.Notes, "it is no longer among its translations: "+refusalText(refusal))
	return setGroup(b.db, a, "")
}

// joinTranslations lets articles, which are saved, join those with the same translation key. What
// cannot be in their group is left alone, with a note.
func (b *batch) joinTranslations() error {
	if len(b.translated) == 0 {
		return nil
	}
	keys := make([]string, len(b.translated))
	for i, t := range b.translated {
		keys[i] = t.key
	}
	known, err := b.db.Translations(b.Source, keys)
	if err != nil {
		return err
	}
	for _, t := range b.translated {
		err := b.joinFirst(t.article, known[t.key])
		if refusal := refusalOf(err); refusal != nil {
			t.outcome.Notes = append(t.outcome.Notes,
				"it is not among its translations: "+refusalText(refusal))
		} else if err != nil {
			return err
		}
	}
	return nil
}

// joinFirst lets an article be a translation of the first of others that is still there.
func (b *batch) joinFirst(article cms.ID, others []cms.ID) error {
	for _, other := range others {
		if other == article {
			continue
		}
		if _, err := b.db.Article(other); err != nil {
			if ignoreNotFound(err) == nil {
				continue
			}
			return err
		}
		a, err := b.db.Article(article)
		if err != nil {
			return err
		}
		if err := setGroup(b.db, a, string(other)); err != nil {
			return err
		}
		return b.db.SaveArticle(a)
	}
	return nil
}
