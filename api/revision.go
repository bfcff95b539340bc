package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// listRevisions lists the revisions of an article.
//
// @ID listRevisions
// @Summary List the revisions of an article
// @Description Lists every save of the article that changed something, and every publishing, the latest first, for whoever is signed in. What a desk saved by itself (Masthead-Save: auto), of one person and within ten minutes, is shown once, as the last of these with how many are folded into it; all=true lists each.
// @Tags articles
// @Kind page about article
// @Query revisionListParams
// @x-acts ["articles:read_drafts"]
// @Success 200 {object} rest.Page[Revision] "One page of revisions."
// @Failure 404 {object} rest.Problem "There is no such article."
// @Router /v1/articles/{id}/revisions [get]
func (s *Server) listRevisions(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readRevisionList.Read(q)
	page := s.PageRequest(c, q, params.PageParams)
	if err := q.Done(); err != nil {
		return err
	}
	id, err := rest.PathID(c, "id")
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.DraftView)
	if err != nil {
		return err
	}
	list, err := s.newsroom.Revisions(c.Request().Context(), actor, id, params.All, page)
	if err != nil {
		return err
	}
	cursor := func(r *cms.Revision) cms.Cursor { return cms.Cursor{ID: r.ArticleID, Number: r.N} }
	row := func(r *cms.Revision) any { return newRevision(r) }
	return s.SendView(c, cms.DraftView, 0, nil,
		rest.NewPage(s.Server, c, q, page, list, cursor, row), time.Time{})
}

// getRevision shows one revision with its words.
//
// @ID getRevision
// @Summary Get a revision of an article
// @Description Answers a revision with the article as it was written then, for whoever is signed in.
// @Tags articles
// @Kind numbered about article
// @x-acts ["articles:read_drafts"]
// @Success 200 {object} RevisionDetail "The revision."
// @Failure 404 {object} rest.Problem "There is no such article, or no such revision of it."
// @Router /v1/articles/{id}/revisions/{n} [get]
func (s *Server) getRevision(c echo.Context) error {
	return s.readRevision(c, func(ctx context.Context, actor cms.Actor, id cms.ID) (any, error) {
		n, err := revisionNumber(c, "n")
		if err != nil {
			return nil, err
		}
		revision, err := s.newsroom.Revision(ctx, actor, id, n)
		if err != nil {
			return nil, err
		}
		return newRevisionDetail(revision), nil
	})
}

// diffRevisions shows what differs between a revision and another state of an article.
//
// @ID diffRevisions
// @Summary Compare revisions of an article
// @Description Answers the fields that differ between a revision and another one, the working copy (current) or what readers see (live), for whoever is signed in: what each was and is, and of texts how the one becomes the other, by words of any script.
// @Tags articles
// @Kind compared about article
// @x-acts ["articles:read_drafts"]
// @Success 200 {object} RevisionDiff "What differs."
// @Failure 404 {object} rest.Problem "There is no such article, or no such revision of it."
// @Failure 409 {object} rest.Problem "The words of one are not kept any more, or the article is not live."
// @Router /v1/articles/{id}/revisions/{a}/diff/{b} [get]
func (s *Server) diffRevisions(c echo.Context) error {
	return s.readRevision(c, func(ctx context.Context, actor cms.Actor, id cms.ID) (any, error) {
		a, err := revisionNumber(c, "a")
		if err != nil {
			return nil, err
		}
		b := int64(0)
		named, err := rest.PathParam(c, "b")
		if err == nil && named != newsroom.CurrentWords && named != newsroom.LiveWords {
			b, err = revisionNumber(c, "b")
		}
		if err != nil {
			return nil, err
		}
		both, err := s.newsroom.Compare(ctx, actor, id, a, b, named)
		if err != nil {
			return nil, err
		}
		return newRevisionDiff(both.From, both.To)
	})
}

// readRevision sends what only editors see of an article.
func (s *Server) readRevision(
	c echo.Context, read func(context.Context, cms.Actor, cms.ID) (any, error),
) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	id, err := rest.PathID(c, "id")
	if err != nil {
		return err
	}
	actor, err := s.RequireActor(c)
	if err != nil {
		return err
	}
	found, err := read(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	rest.Send(c, rest.DraftResponse(http.StatusOK, 0, found))
	return nil
}

// revisionNumber returns the number of a revision in the path. A text that is none is NotFound.
func revisionNumber(c echo.Context, name string) (int64, error) {
	written, err := rest.PathParam(c, name)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != written {
		return 0, cms.Errorf(cms.NotFound,
			"There is nothing here: revisions have numbers from 1, not %q.", written)
	}
	return n, nil
}

// newRevisionDiff returns what differs between two states of an article.
func newRevisionDiff(from, to *cms.ArticleInput) (RevisionDiff, error) {
	diff := RevisionDiff{Fields: map[string]FieldDiff{}}
	was, err := writtenFields(from)
	if err != nil {
		return diff, err
	}
	is, err := writtenFields(to)
	if err != nil {
		return diff, err
	}
	for _, name := range cms.ChangedFields(*from, *to) {
		field := FieldDiff{Old: was[name], New: is[name]}
		if old, new := textOf(was[name]), textOf(is[name]); old != nil || new != nil {
			for _, piece := range newsroom.DiffWords(deref(old), deref(new)) {
				field.Words = append(field.Words, WordPiece{string(piece.Op), piece.Text})
			}
		}
		diff.Fields[name] = field
	}
	return diff, nil
}

// textOf returns the text that a field has, nil if it has none or is none.
func textOf(value any) *string {
	raw, _ := value.(json.RawMessage)
	var written *string
	if json.Unmarshal(raw, &written) != nil {
		return nil
	}
	return written
}

// writtenFields returns the fields of an article as it was written, each as JSON.
func writtenFields(c *cms.ArticleInput) (map[string]any, error) {
	all, err := marshal(newWritten(c))
	if err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	err = json.Unmarshal(all, &raw)
	fields := make(map[string]any, len(raw))
	for name, value := range raw {
		fields[name] = value
	}
	return fields, err
}

// restoreRevision makes an earlier revision the working copy again.
//
// @ID restoreRevision
// @Summary Restore a revision of an article
// @Description Makes the words of an earlier revision those of the working copy again, as a new revision. What it referred to and is not there any more is left out; the status and the translations stay as they are.
// @Tags articles
// @Kind numbered move article
// @x-acts ["articles:revise"]
// @Success 200 {object} Draft "The article as it is now."
// @Failure 404 {object} rest.Problem "There is no such article, or no such revision of it."
// @Failure 409 {object} rest.Problem "The article is in the trash or killed, its slug or language is taken by now, or the words are not kept any more."
// @Router /v1/articles/{id}/revisions/{n}/restore [post]
func (s *Server) restoreRevision(c echo.Context, repeatable *newsroom.Idempotency) error {
	return s.verb(c, repeatable, func(ctx context.Context, call newsroom.Call, id cms.ID,
		match cms.Precondition) (*cms.ArticleView, error) {
		n, err := revisionNumber(c, "n")
		if err != nil {
			return nil, err
		}
		return s.newsroom.RestoreRevision(ctx, call, id, match, n)
	})
}

// discardChanges makes what readers see the working copy again.
//
// @ID discardChanges
// @Summary Discard unpublished changes
// @Description Makes the live edition the working copy again, as a new revision: nothing is lost.
// @Tags articles
// @Kind move article
// @x-acts ["articles:revise"]
// @Success 200 {object} Draft "The article as it is now."
// @Failure 409 {object} rest.Problem "The article is not live, is in the trash or killed, or was published before revisions were kept."
// @Router /v1/articles/{id}/discard [post]
func (s *Server) discardChanges(c echo.Context, repeatable *newsroom.Idempotency) error {
	return s.verb(c, repeatable, s.newsroom.Discard)
}

// maxChanges bounds the bytes of what a refusal says has changed.
const maxChanges = 1 << 20

// changeArticle makes a change of an article and sends it as it is then. A refusal of a stale
// version gets what each field was and is, as it is written.
func (s *Server) changeArticle(c echo.Context, call newsroom.Call,
	do func(newsroom.Call) (*cms.ArticleView, error)) error {
	return rest.Change(c, call, s.revised, func(call newsroom.Call) (*cms.ArticleView, error) {
		story, err := do(call)
		var refusal *cms.Error
		if errors.As(err, &refusal) && refusal.Changed != nil {
			if err := addValues(refusal); err != nil {
				return nil, err
			}
		}
		return story, err
	})
}

// addValues adds to a refusal what fields were and are, as far as there is room for: rather what
// they are than what they were, and the short ones first.
func addValues(refusal *cms.Error) error {
	changed := refusal.Changed
	theirs, err := writtenFields(changed.Theirs)
	if err != nil {
		return err
	}
	base := map[string]any{}
	names := refusal.ChangedFields
	if changed.Base != nil {
		names = cms.ChangedFields(*changed.Base, *changed.Theirs)
		if base, err = writtenFields(changed.Base); err != nil {
			return err
		}
	}
	changed.Values = map[string]cms.ChangedValue{}
	room := maxChanges
	length := func(value any) int {
		raw, _ := value.(json.RawMessage)
		return len(raw)
	}
	names = slices.SortedFunc(slices.Values(names), func(a, b string) int {
		return cmp.Compare(length(theirs[a]), length(theirs[b]))
	})
	for _, name := range names {
		if value, is := theirs[name]; is && length(value) <= room {
			room -= length(value)
			changed.Values[name] = cms.ChangedValue{Theirs: value}
		}
	}
	for _, name := range names {
		value, is := changed.Values[name]
		if is && length(base[name]) <= room {
			room -= length(base[name])
			value.Base = base[name]
			changed.Values[name] = value
		}
	}
	return nil
}
