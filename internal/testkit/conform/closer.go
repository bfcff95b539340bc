package conform

import "github.com/getkin/kin-openapi/openapi3"

// closer walks through the schemas of bodies and says of each object that it has no fields but those that are named. It
// remembers where it was.
type closer map[*openapi3.Schema]bool

func (c closer) operation(o *openapi3.Operation) {
	if o.RequestBody != nil {
		c.content(o.RequestBody.Value.Content)
	}
	for _, answer := range o.Responses.Map() {
		c.content(answer.Value.Content)
	}
}

func (c closer) content(content openapi3.Content) {
	for _, mediaType := range content {
		c.schema(mediaType.Schema)
	}
}

func (c closer) schema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || c[ref.Value] {
		return
	}
	schema := ref.Value
	c[schema] = true
	if len(schema.Properties) > 0 && schema.AdditionalProperties.Has == nil && schema.AdditionalProperties.Schema == nil {
		closed := false
		schema.AdditionalProperties.Has = &closed
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
