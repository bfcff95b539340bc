package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/database"
	"github.com/masthead-cms/masthead/internal/search"
)

// maxNamedNouns bounds the nouns of a kind that the words of a query can name, those with the most
// articles first; maxNameWords bounds the words of a phrase that choose them, before the whole
// phrase is looked for in their names.
const (
	maxNamedNouns = 500
	maxNameWords  = 4
)

// unindexed is the counter for whether there are drafts that no words find yet.
const unindexed = "unindexed"

// lookUp loads the nouns that conditions and words name, the counters, and the locales there are.
func (a *articleQuery) lookUp(refs []cms.RefCondition) error {
	query := database.Fragment{
		Text: `SELECT 'count' AS kind, '' AS noun, c.name AS ref, '' AS id, '' AS below, '' AS term,
			c.n AS n FROM counters AS c`,
	}
	if a.q.View == cms.DraftView && !a.hasNoWords() {
		query = query.Plus(
			` UNION ALL SELECT 'count', '', ?, '', '', '', count(*)
				FROM (SELECT 1 FROM articles WHERE search_row IS NULL LIMIT 1) AS x`,
			unindexed,
		)
	}
	meant := a.lookUpRefs(&query, refs)
	for _, r := range cms.References {
		a.lookUpNames(&query, r.Noun)
	}
	a.lookUpLocales(&query)
	named := namedNouns{}
	err := a.db.Query(query, func(r *database.Row) {
		kind := r.Text()
		noun := scanNoun(r)
		ref := r.Text()
		id := scanID(r)
		below := scanID(r)
		term := r.Text()
		n := r.Number()
		switch kind {
		case "count":
			a.counters[ref] = n
		case "id":
			a.addKnown(refKey{noun, meant[ref]}, id, below, n, term)
		case "slug":
			a.addKnown(refKey{noun, ref}, id, below, n, term)
		case "name":
			named.of(id).names = append(named.of(id).names, ref)
		case "term":
			named.of(id).terms = append(named.of(id).terms, term)
		case "locale":
			a.addLocale(ref)
		}
	})
	for _, id := range slices.Sorted(maps.Keys(named)) {
		a.addNounTerms(named[id])
	}
	return err
}

// addKnown adds a noun that a query names, with one of those below it and one of the terms of that
// one.
func (a *articleQuery) addKnown(key refKey, id, below cms.ID, articles int64, term string) {
	known := a.refs[key]
	known.id = id
	known.articles = articles
	known.terms = append(known.terms, term)
	if !slices.Contains(known.below, below) {
		known.below = append(known.below, below)
	}
	a.refs[key] = known
}

// namedNoun is a noun that the words of a query may name: its names, and the terms it is found by.
type namedNoun struct{ names, terms []string }

type namedNouns map[cms.ID]*namedNoun

func (nouns namedNouns) of(id cms.ID) *namedNoun {
	if nouns[id] == nil {
		nouns[id] = &namedNoun{}
	}
	return nouns[id]
}

// lookUpNames adds to a query that for the nouns of a kind that have the words of one of the
// clauses: a row for each of their names, and one for each of their terms.
func (a *articleQuery) lookUpNames(query *database.Fragment, noun cms.Noun) {
	var named database.Fragment
	for _, c := range slices.Concat(a.words.Want, a.words.Without) {
		joint := " OR "
		if named.Text == "" {
			joint = ""
		}
		words := hasNameWords(a.db, noun, c)
		named = named.Plus(joint+words.Text, words.Args...)
	}
	if named.Text == "" {
		return
	}
	*query = query.Plus(
		` UNION ALL SELECT * FROM (WITH named AS MATERIALIZED (
				SELECT t.id FROM `+noun.Plural+` AS t WHERE `+named.Text+`
				ORDER BY t.article_count DESC, t.id LIMIT ?)
			SELECT 'name' AS kind, n.noun, n.name AS ref, CAST(n.id AS TEXT) AS id, '' AS below,
				'' AS term, 0 AS n FROM named JOIN noun_names AS n ON n.id = named.id
			UNION ALL SELECT 'term', m.noun, '', CAST(m.id AS TEXT), '', m.term, 0
				FROM named JOIN noun_terms AS m ON m.id = named.id) AS x`,
		append(named.Args, maxNamedNouns)...)
}

// lookUpRefs adds to a query that for the nouns that conditions name. It returns the ids among them
// by the terms they are found by: a noun has the terms of those that were merged into it.
func (a *articleQuery) lookUpRefs(
	query *database.Fragment, refs []cms.RefCondition,
) (meant map[string]string) {
	meant = map[string]string{}
	for _, r := range cms.References {
		var terms, slugs []string
		for _, c := range refs {
			if c.Noun != r.Noun {
				continue
			}
			ids, more := splitRefs(c.Refs)
			slugs = append(slugs, more...)
			for _, id := range ids {
				meant[nounTerm(id)] = string(id)
				terms = append(terms, nounTerm(id))
			}
		}
		below := "(SELECT id, id AS above FROM " + r.Noun.Plural + ")"
		if r.Tree {
			below = "noun_tree"
		}
		joined := " JOIN " + r.Noun.Plural + ` AS t ON t.id = x.id
			JOIN ` + below + ` AS b ON b.above = t.id JOIN noun_terms AS m ON m.id = b.id WHERE `
		const columns = "CAST(t.id AS TEXT), CAST(b.id AS TEXT), m.term, t.article_count"
		if len(terms) > 0 {
			some := database.OneOf(a.db.Tx, "x.term", terms)
			*query = query.Plus(" UNION ALL SELECT 'id', x.noun, x.term, "+columns+
				" FROM noun_terms AS x"+joined+some.Text, some.Args...)
		}
		if len(slugs) > 0 {
			some := database.OneOf(a.db.Tx, "x.slug", slugs)
			*query = query.Plus(" UNION ALL SELECT 'slug', x.noun, x.slug, "+columns+
				" FROM slugs AS x"+joined+"x.noun = '"+r.Noun.Singular+"' AND "+some.Text,
				some.Args...)
		}
	}
	return meant
}

func splitRefs(refs []string) (ids []cms.ID, slugs []string) {
	for _, ref := range refs {
		if id, ok := cms.ParseID(ref); ok {
			ids = append(ids, id)
		} else {
			slugs = append(slugs, ref)
		}
	}
	return ids, slugs
}

// hasNameWords returns the condition that a noun t of a kind has the words of a clause, in any of
// its names.
func hasNameWords(db *DB, noun cms.Noun, c search.Clause) database.Fragment {
	all := hasAllNameWords(db, noun, c.Words)
	for _, words := range c.Instead {
		other := hasAllNameWords(db, noun, words)
		all = all.Plus(" OR "+other.Text, other.Args...)
	}
	all.Text = "(" + all.Text + ")"
	return all
}

func hasAllNameWords(db *DB, noun cms.Noun, words []search.Term) (all database.Fragment) {
	in := "t.id IN (SELECT w.id FROM noun_words AS w WHERE w.noun = '" + noun.Singular + "' AND ("
	for i, w := range words[:min(len(words), maxNameWords)] {
		joint := " AND "
		if i == 0 {
			joint = ""
		}
		word := isNameWord(db, w)
		all = all.Plus(joint+in+word.Text+"))", word.Args...)
	}
	return all
}

// isNameWord returns the condition that w is a word of a name that a word of a query means, or
// begins like it.
func isNameWord(db *DB, w search.Term) (ways database.Fragment) {
	if !w.Prefix {
		return database.OneOf(db.Tx, "w.word", w.Terms())
	}
	for i, form := range w.Terms() {
		joint := " OR "
		if i == 0 {
			joint = ""
		}
		ways = ways.Plus(joint+"(w.word >= ? AND w.word < ?)", form, form+"\U0010ffff")
	}
	return ways
}

// addNounTerms lets the clauses that are in one of a noun's names find the articles that refer to
// it.
func (a *articleQuery) addNounTerms(noun *namedNoun) {
	for _, clauses := range [][]search.Clause{a.words.Want, a.words.Without} {
		for i := range clauses {
			if c := &clauses[i]; slices.ContainsFunc(noun.names, c.In) {
				c.Tags = append(c.Tags, noun.terms...)
			}
		}
	}
}

// matching leaves out the rows that do not match the words.
func (a *articleQuery) matching(rows database.Select) database.Select {
	d := a.db
	index, matches := d.TextIndex(false)
	switch {
	case a.q.Words == "":
		return rows
	case a.hasNoWords():
		return rows.Where("1 = 0")
	case len(a.words.Want) > 0:
		return rows.Where(matches, d.TextQuery(a.withRefTerms(), false))
	}
	for _, c := range a.words.Without {
		rows = rows.Where(
			"a.search_row NOT IN (SELECT s.rowid FROM "+index+" AS s WHERE "+matches+")",
			d.TextQuery(search.Query{Want: []search.Clause{c}}, false),
		)
	}
	return rows
}

// withRefTerms returns the words with the terms of the nouns that a row must refer to, which are in
// the index as well. They say no more than the conditions on references, but are faster.
func (a *articleQuery) withRefTerms() search.Query {
	q := search.Query{Want: slices.Clone(a.words.Want), Without: a.words.Without}
	for _, required := range a.requiredRefs() {
		var c search.Clause
		nouns, _ := a.known(required)
		for _, noun := range nouns {
			c.Tags = append(c.Tags, noun.terms...)
		}
		if len(c.Tags) > 0 {
			q.Want = append(q.Want, c)
		}
	}
	return q
}

// withinSeconds leaves out rows outside the seconds that the page lies in. The index returns rows
// in the order of their seconds, and stops where that is enough; within a second the order is
// another.
func (a *articleQuery) withinSeconds(rows database.Select, o order) database.Select {
	w := a.q.Page
	down := a.q.Sort.Descending != w.Backward
	if w.Cursor != nil {
		if down {
			rows = rows.Where("s.rowid <= ?", searchRow(w.Cursor.Time)+searchMask)
		} else {
			rows = rows.Where("s.rowid >= ?", searchRow(w.Cursor.Time))
		}
	}
	edge := rows
	if w.Cursor != nil {
		edge = o.After(edge, o.pageFor(a.q.Sort, w))
	}
	last := w.Offset + w.Limit
	if down {
		second := edge.OrderBy("s.rowid DESC").Limit(1, last).Columns("(s.rowid >> ?) << ?",
			searchShift, searchShift)
		return rows.Where("s.rowid >= coalesce(("+second.Text+"), ?)",
			append(second.Args, int64(-1<<63))...)
	}
	second := edge.OrderBy("s.rowid").Limit(1, last).Columns("((s.rowid >> ?) << ?) + ?",
		searchShift, searchShift, searchMask)
	return rows.Where("s.rowid <= coalesce(("+second.Text+"), ?)",
		append(second.Args, int64(1<<63-1))...)
}

type candidate struct {
	id    cms.ID
	row   int64
	score int
}

// better orders candidates, the best first.
func better(x, y candidate) int {
	return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(y.row, x.row))
}

// ranked returns a page of the newest rows that match the words, the best first.
func (a *articleQuery) ranked() (cms.List[cms.ArticleView], error) {
	w := a.q.Page
	found, err := a.candidates()
	if err != nil || len(found) == 0 {
		return cms.List[cms.ArticleView]{Rows: []cms.ArticleView{}}, err
	}
	from, to := found[len(found)-1].row, found[0].row
	if w.Cursor != nil {
		from, to = w.Cursor.Rank.From, w.Cursor.Rank.To
	}
	slices.SortFunc(found, better)
	if w.Offset > 0 && (a.q.With.Text || a.q.Highlight) {
		w.Offset, err = a.rankedOffset(found[:min(w.Offset, len(found))])
		if err != nil {
			return cms.List[cms.ArticleView]{}, err
		}
	}
	begin, end := w.Offset, w.Offset+w.Limit
	if w.Cursor != nil {
		mark := candidate{score: w.Cursor.Rank.Score, row: w.Cursor.Rank.Row}
		at, there := slices.BinarySearchFunc(found, mark, better)
		begin, end = at-w.Limit, at
		if !w.Backward {
			if there {
				at++
			}
			begin, end = at, at+w.Limit
		}
	}
	begin, end = min(max(begin, 0), len(found)), min(max(end, 0), len(found))
	rows, err := a.readRanked(found[begin:end], w.Backward)
	if w.Backward {
		begin = end - len(rows)
	} else {
		end = begin + len(rows)
	}
	for i := range rows {
		c := found[begin+i]
		rows[i].Rank = &cms.Rank{Score: c.score, Row: c.row, From: from, To: to}
	}
	list := cms.List[cms.ArticleView]{Rows: rows, HasPrev: begin > 0, HasNext: end < len(found)}
	return list, err
}

// candidates returns the rows that are compared with each other, with their scores, the newest
// first.
func (a *articleQuery) candidates() ([]candidate, error) {
	number := "a.search_row"
	if len(a.words.Want) > 0 {
		number = "s.rowid"
	}
	rows := a.rows()
	limit := cms.RankedTexts
	if m := a.q.Page.Cursor; m != nil {
		rows = rows.Where(number+" BETWEEN ? AND ?", m.Rank.From, m.Rank.To)
		limit *= 2 // room for texts that have come between since
	}
	rows = rows.Join("JOIN search_docs AS d ON d.rowid = "+number).
		OrderBy(number+" DESC").
		Limit(limit, 0)
	return database.QueryAll(a.db.Tx, rows.Columns("d.rowid, d.fields, "+a.tables.id),
		func(r *database.Row) candidate {
			return candidate{row: r.Number(), score: a.score(r.Text()), id: scanID(r)}
		})
}

// score returns how well the fields of a text match the words.
func (a *articleQuery) score(lines string) int {
	var fields [len(fieldWeights)]search.Field
	for i, weight := range fieldWeights {
		fields[i].Weight = weight
		fields[i].Stream, lines, _ = strings.Cut(lines, "\n")
	}
	return a.words.Score(fields[:])
}

// textsAtOnce is how many articles are read with their bodies before their size is looked at.
const textsAtOnce = 20

// readRanked reads the articles that were chosen, in their order. If their bodies have more than
// cms.MaxPageText bytes, it reads the first ones only, or with backward the last ones.
func (a *articleQuery) readRanked(chosen []candidate, backward bool) ([]cms.ArticleView, error) {
	stories := []cms.ArticleView{}
	if len(chosen) == 0 {
		return stories, nil
	}
	if !a.q.With.Text && !a.q.Highlight {
		return a.readInOrder(chosen, false)
	}
	if backward {
		chosen = slices.Clone(chosen)
		slices.Reverse(chosen)
	}
	size := 0
	for part := range slices.Chunk(chosen, textsAtOnce) {
		read, err := a.readInOrder(part, true)
		if err != nil {
			return nil, err
		}
		for _, story := range read {
			size += textBytes(story.Text)
			if size <= cms.MaxPageText || len(stories) == 0 {
				stories = append(stories, story)
			}
		}
		if size > cms.MaxPageText {
			break
		}
	}
	if backward {
		slices.Reverse(stories)
	}
	return stories, nil
}

// readInOrder reads articles, in the order in which they are named.
func (a *articleQuery) readInOrder(chosen []candidate, withText bool) ([]cms.ArticleView, error) {
	at := make(map[cms.ID]int, len(chosen))
	ids := make([]cms.ID, len(chosen))
	for i, c := range chosen {
		at[c.id] = i
		ids[i] = c.id
	}
	stories, err := a.db.viewsByID(a.q.View, ids, withText)
	slices.SortFunc(stories, func(x, y cms.ArticleView) int {
		return cmp.Compare(at[x.ID()], at[y.ID()])
	})
	return stories, err
}
