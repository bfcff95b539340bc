package conform

import "github.com/getkin/kin-openapi/openapi3"

// objectCloser sets additionalProperties to false in the schemas of bodies. It holds the schemas it
// has visited.
type objectCloser map[*openapi3.Schema]bool

func (c objectCloser) operation(o *openapi3.Operation) {
	if o.RequestBody != nil {
		c.content(o.RequestBody.Value.Content)
	}
	for _, answer := range o.Responses.Map() {
		c.content(answer.Value.Content)
	}
}

func (c objectCloser) content(content openapi3.Content) {
	for _, mediaType := range content {
		c.schema(mediaType.Schema)
	}
}

func (c objectCloser) schema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || c[ref.Value] {
		return
	}
	schema := ref.Value
	c[schema] = true
	if len(schema.Properties) > 0 && schema.AdditionalProperties.Has == nil &&
		schema.AdditionalProperties.Schema == nil {
		closed := false
		schema.AdditionalProperties.Has = &closed
	}
	if schema.Type == nil && schema.OneOf == nil && schema.AnyOf == nil && schema.AllOf == nil {
		schema.Nullable = true // as JSON Schema has it, and the library has not
	}
	for _, property := range schema.Properties {
		c.schema(property)
	}
	c.schema(schema.Items)
	c.schema(schema.AdditionalProperties.Schema)
	for _, list := range []openapi3.SchemaRefs{schema.OneOf, schema.AnyOf, schema.AllOf} {
		for _, s := range list {
			c.schema(s)
		}
	}
}
