package api

import (
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

// ArticlePage is one page of articles.
type ArticlePage struct {
	// The articles of this page.
	Data []ArticleRow `json:"data" maxItems:"100"`
	// Where this page stands in the list.
	Page rest.PageInfo `json:"page"`
	// Values of the facets that were asked for, with how often they stand in the whole list; only
	// with facets=.
	Facets map[string][]FacetValue `json:"facets,omitempty" maxItems:"50" maxProperties:"10" examplejson:"{\"type\": [{\"value\": \"news\", \"label\": \"news\", \"count\": 12}]}"`
} // @name ArticlePage

// articlePage is an ArticlePage whose articles may be there in part.
type articlePage struct {
	rest.Page[any]
	Facets map[string][]FacetValue `json:"facets,omitempty"`
}

// FacetValue is one value of a facet.
type FacetValue struct {
	// The value, as the parameter of the same name takes it; for tag, section and author the slug.
	Value string `json:"value" minLength:"1" maxLength:"240" example:"central-asia"`
	// What people call it.
	Label string `json:"label" minLength:"1" maxLength:"240" example:"Central Asia"`
	// How many articles of the list have it.
	Count int64 `json:"count" minimum:"1" example:"12"`
} // @name FacetValue

// facets are the counted values by facet, nil if none were asked for.
func facets(list []cms.Facet) map[string][]FacetValue {
	if len(list) == 0 {
		return nil
	}
	out := map[string][]FacetValue{}
	for _, f := range list {
		values := make([]FacetValue, len(f.Values))
		for i, v := range f.Values {
			values[i] = FacetValue(v)
		}
		out[f.Name] = values
	}
	return out
}
