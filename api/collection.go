package api

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/rest"
)

// collections is how collections travel.
func (s *Server) collections() *rest.Noun[cms.Collection, cms.CollectionInput, CollectionInput] {
	n := rest.NewNoun(cms.CollectionNoun, s.newCollection, (*CollectionInput).input,
		toCollectionInput)
	n.Fields, n.DraftFields = rest.FieldsByView(reflect.TypeFor[CollectionRow]())
	n.Draft = func(c *cms.Collection) any { return s.newCollectionDraft(c) }
	n.Row = func(c *cms.Collection) rest.Versioned {
		row := newCollectionRow(c)
		return &row
	}
	n.OneTags = (*cms.Collection).CacheTags
	n.AllTags = cms.CollectionLists
	n.Until = func(c *cms.Collection) time.Time { return c.Until }
	return n
}

// listCollections lists collections.
//
// @Description Lists all collections by name, without their items.
// @Kind listNouns collection
// @Query namedListParams
// @Success 200 {object} rest.Page[CollectionRow] "One page of collections."
// @Router /v1/collections [get]
func (s *Server) listCollections(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readNamedList.Read(q)
	return listNouns(s, c, q, s.collections(), params.nounListParams, rest.ParseSort(params.Sort),
		s.newsroom.Collections.List)
}

// getCollection shows one collection.
//
// @Description Answers a collection by its id or slug, with its items: to readers those that are in their time, and articles while they are live. A slug it had before leads to the present one. With view=draft, which needs a credential, all items are there, and the ETag is its version, for If-Match. What its rule finds is in its articles.
// @Kind getNoun collection
// @Router /v1/collections/{ref} [get]
func (s *Server) getCollection(c echo.Context) error {
	return getNoun(s, c, s.collections(), s.newsroom.Collections.Get)
}

// createCollection makes a collection.
//
// @Description Makes a collection without items; readers can see it at once. A slug that is not sent is made from the name.
// @Kind createNoun collection
// @Router /v1/collections [post]
func (s *Server) createCollection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Create(s.Server, c, repeatable, s.collections(), s.newsroom.Collections.Create)
}

// updateCollection changes a collection.
//
// @Kind patchNoun collection
// @Router /v1/collections/{ref} [patch]
func (s *Server) updateCollection(c echo.Context, repeatable *newsroom.Idempotency) error {
	return rest.Patch(s.Server, c, repeatable, s.collections(), s.newsroom.Collections.Revise)
}

// deleteCollection removes a collection.
//
// @Kind deleteNoun collection
// @Failure 409 {object} rest.Problem "It stands on a front, or is the ticker of the site."
// @Router /v1/collections/{ref} [delete]
func (s *Server) deleteCollection(c echo.Context) error {
	return rest.Delete(s.Server, c, s.newsroom.Collections.Delete)
}

// listCollectionRows shows what readers see of a collection.
//
// @ID listCollectionArticles
// @Summary List the articles of a collection
// @Description Lists what readers see of a collection: first its items that are in their time and whose articles are live, then what its rule finds, no article twice. Paint item; article is there for all else. The answer changes by itself when an item begins or ends.
// @Tags collections
// @Kind get collection
// @Query rowParams
// @Success 200 {object} RowPage "The rows; there is one page of them."
// @Router /v1/collections/{ref}/articles [get]
func (s *Server) listCollectionRows(c echo.Context) error {
	q := rest.NewQuery(c)
	params := readRows.Read(q)
	fields := q.CheckFields(params.Fields, liveFields, draftOnlyFields)
	include := params.Include
	for _, name := range fields {
		f, _ := cms.ArticleField(name)
		include = append(include, f.Include)
	}
	if err := q.Done(); err != nil {
		return err
	}
	ref, err := rest.PathParam(c, "ref")
	if err != nil {
		return err
	}
	actor, err := s.Reader(c, cms.LiveView)
	if err != nil {
		return err
	}
	with := parts(include)
	if with.Text {
		if err := s.reserveBodies(c, with); err != nil {
			return err
		}
	}
	found, moved, err := s.newsroom.Collections.Rows(c.Request().Context(), actor, ref,
		params.Limit, with)
	if err != nil {
		return err
	}
	if moved != "" {
		return s.SendMoved(c, "/v1/collections/"+url.PathEscape(moved)+"/articles", cms.LiveView)
	}
	tags := append(found.Tags, with.ListCacheTags()...)
	page := rest.Page[row]{
		Data: s.rows(found.Rows, with, fields),
		Page: rest.PageInfo{Limit: found.Limit},
	}
	return s.SendView(c, cms.LiveView, 0, fields, page, found.Until, tags...)
}

// replaceCollectionItems replaces all items of a collection.
//
// @ID replaceCollectionItems
// @Summary Replace and reorder the items of a collection
// @Description The list becomes all the items of the collection, in its order. An entry with the id of an item the collection has keeps that item; others are new. Readers see it at once. The version of the collection rises, and is the ETag.
// @Tags collections
// @Kind strict replace collection
// @x-acts ["collections:write"]
// @Param body body CollectionItemList true "The items."
// @Success 200 {object} Collection "The collection as it is now."
// @Router /v1/collections/{id}/items [put]
func (s *Server) replaceCollectionItems(c echo.Context) error {
	if err := rest.NoQuery(c); err != nil {
		return err
	}
	call, err := s.Call(c, nil)
	if err != nil {
		return err
	}
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	var in CollectionItemList
	if err := rest.DecodeBody(c, &in); err != nil {
		return err
	}
	items, err := itemInputs(in.Data)
	if err != nil {
		return err
	}
	return rest.Change(c, call, s.collections().Response,
		func(call newsroom.Call) (*cms.Collection, error) {
			return s.newsroom.Collections.SetItems(c.Request().Context(), call, id, match, items)
		})
}

type itemNoun = rest.Noun[cms.CollectionItem, cms.ItemInput, CollectionItemInput]

// items is how items of the collection that a call is about travel.
func (s *Server) items(c echo.Context) *itemNoun {
	return &itemNoun{
		Path:   "/v1/collections/" + c.Param("id") + "/items",
		Head:   func(i *cms.CollectionItem) (cms.ID, int64) { return i.ID, i.Version },
		Wire:   func(i *cms.CollectionItem) any { return s.newCollectionItem(&i.ItemDetail) },
		Parse:  (*CollectionItemInput).input,
		Format: toItemInput,
	}
}

// createCollectionItem adds an item to a collection.
//
// @ID createCollectionItem
// @Summary Add an item to a collection
// @Description Adds an article here (article) or a page elsewhere (title and url). Readers see it at once. The version of the collection rises, and is the ETag; what others add, move and remove at the same time is never lost.
// @Tags collections
// @Kind versioned create collection
// @x-acts ["collections:write"]
// @Param body body CollectionItemInput true "The item."
// @Success 201 {object} CollectionItem "The item."
// @Failure 409 {object} rest.Problem "It is in the collection already."
// @Router /v1/collections/{id}/items [post]
func (s *Server) createCollectionItem(c echo.Context, repeatable *newsroom.Idempotency) error {
	id, match, err := rest.Target(c)
	if err != nil {
		return err
	}
	return rest.Create(s.Server, c, repeatable, s.items(c), func(ctx context.Context,
		call newsroom.Call, in cms.ItemInput) (*cms.CollectionItem, error) {
		return s.newsroom.Collections.AddItem(ctx, call, id, match, in)
	})
}

// updateCollectionItem changes an item of a collection.
//
// @ID updateCollectionItem
// @Summary Change an item of a collection
// @Description Changes the named fields of an item (JSON Merge Patch, RFC 7396), or its position. Readers see it at once. The version of the collection rises, and is the ETag.
// @Tags collections
// @Kind patch collection
// @x-acts ["collections:write"]
// @Param body body CollectionItemInput true "What to change."
// @Success 200 {object} CollectionItem "The item as it is now."
// @Failure 409 {object} rest.Problem "It is in the collection already."
// @Router /v1/collections/{id}/items/{item} [patch]
func (s *Server) updateCollectionItem(c echo.Context, repeatable *newsroom.Idempotency) error {
	item, err := rest.PathID(c, "item")
	if err != nil {
		return err
	}
	return rest.Patch(s.Server, c, repeatable, s.items(c), func(ctx context.Context,
		call newsroom.Call, id cms.ID, match cms.Precondition,
		edit func(cms.ItemInput) (cms.ItemInput, error)) (*cms.CollectionItem, error) {
		return s.newsroom.Collections.ReviseItem(ctx, call, id, item, match, edit)
	})
}

// deleteCollectionItem takes an item out of a collection.
//
// @ID deleteCollectionItem
// @Summary Remove an item of a collection
// @Description Takes the item out of the collection; those behind it move up. Readers see it at once. The version of the collection rises.
// @Tags collections
// @Kind delete collection
// @x-acts ["collections:write"]
// @Router /v1/collections/{id}/items/{item} [delete]
func (s *Server) deleteCollectionItem(c echo.Context) error {
	item, err := rest.PathID(c, "item")
	if err != nil {
		return err
	}
	return rest.Delete(s.Server, c, func(ctx context.Context, call newsroom.Call, id cms.ID,
		match cms.Precondition) error {
		return s.newsroom.Collections.RemoveItem(ctx, call, id, item, match)
	})
}

// entryID returns the id in an entry of a replacing list.
func entryID(i int, sent string) (cms.ID, error) {
	id, ok := cms.ParseID(sent)
	if !ok {
		return "", cms.FieldErrorf(cms.Invalid, fmt.Sprintf("data/%d/id", i), "invalid",
			"%q is not an id (a UUID).", sent)
	}
	return id, nil
}
