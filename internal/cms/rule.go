package cms

import "strings"

// Rule finds the articles that fill a collection up: those that a question of the live view finds.
// In a saved rule the filter names what articles refer to by id.
type Rule struct {
	Filter string `json:"filter"` // empty: none
	Words  string `json:"q"`      // empty: none
	Sort   string `json:"sort"`   // empty: relevance with words, else the newest first
}

// MaxWords is how many characters a question in words has at most.
const MaxWords = 500

// check adds what is wrong with a rule.
func (r *Rule) check(f *fieldErrors) {
	f.text("rule/q", r.Words, MaxWords)
	by := strings.TrimPrefix(r.Sort, "-")
	field, known := ArticleField(by)
	switch {
	case r.Sort == "", known && field.Sort, r.Sort == ByRelevance && r.Words != "":
	case r.Sort == ByRelevance:
		f.add("rule/sort", "not_allowed", "sort relevance puts the best answers to q first: send q as well.")
	default:
		f.oneOf("rule/sort", r.Sort, ArticleFields.Sorts())
	}
	if r.Filter == "" {
		return
	}
	if _, err := ParseFilter(LiveView, r.Filter); err != nil {
		for _, e := range fieldErrorsOf(err) {
			f.add("rule/filter", e.Code, "%s", e.Detail)
		}
	}
}

func fieldErrorsOf(err error) []FieldError {
	if refusal, ok := err.(*Error); ok {
		return refusal.Fields
	}
	return nil
}

// Query returns the question that a valid rule asks, for a number of articles.
func (r *Rule) Query(limit int) (ArticleQuery, error) {
	q := ArticleQuery{View: LiveView, Words: r.Words, Page: PageRequest{Limit: limit}}
	order := r.Sort
	switch {
	case order != "":
	case r.Words != "":
		order = ByRelevance
	default:
		order = "-published_at"
	}
	q.Sort.By, q.Sort.Descending = strings.CutPrefix(order, "-")
	q.Sort.Descending = q.Sort.Descending || q.Sort.By == ByRelevance
	if r.Filter == "" {
		return q, nil
	}
	var err error
	q.Filter, err = ParseFilter(LiveView, r.Filter)
	return q, err
}

// Resolved returns the rule with each reference in its filter replaced by what id returns for it,
// which is an error where a reference means nothing.
func (r *Rule) Resolved(id func(Noun, string) (string, error)) (*Rule, error) {
	if r == nil || r.Filter == "" {
		return r, nil
	}
	f, err := ParseFilter(LiveView, r.Filter)
	if err != nil {
		return nil, err
	}
	if err := f.eachRef(func(c *Comparison) error {
		c.Text, err = id(c.Field.Noun, c.Text)
		return err
	}); err != nil {
		return nil, err
	}
	resolved := *r
	resolved.Filter = f.String()
	return &resolved, nil
}

// Refs returns the nouns that the filter refers to.
func (r *Rule) Refs() []RefInput {
	if r == nil || r.Filter == "" {
		return nil
	}
	f, err := ParseFilter(LiveView, r.Filter)
	if err != nil {
		return nil
	}
	var refs []RefInput
	_ = f.eachRef(func(c *Comparison) error {
		refs = append(refs, RefInput{Noun: c.Field.Noun, Ref: c.Text})
		return nil
	})
	return refs
}

// eachRef calls fn for each comparison with a noun that articles refer to, until it fails.
func (f *Filter) eachRef(fn func(*Comparison) error) error {
	if f.Is != nil {
		if f.Is.Field.Kind == RefsKind && !f.Is.Present {
			return fn(f.Is)
		}
		return nil
	}
	for _, part := range f.Of {
		if err := part.eachRef(fn); err != nil {
			return err
		}
	}
	return nil
}
