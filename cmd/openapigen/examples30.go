package main

import (
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/specfile"
)

// thinExamples takes examples out of a 3.0 document that strict validators of 3.0 stumble over; those of bodies stay
// wherever they can. Whole objects beside a schema go, for an "id" in one is taken for the name of a schema there. So do
// bodies with null where a reference may be null: nothing in 3.0 can say that in a way that both generators and
// validators accept, and what the document says is what generators read.
func thinExamples(root *specfile.Object) {
	for _, member := range child(root, "components", "schemas").Members {
		schema := child(member.Value)
		if _, ok := schema.Get("example").(*specfile.Object); ok {
			schema.Delete("example")
		}
	}
	eachMedia(root, func(media *specfile.Object) {
		schema := child(media, "schema")
		if media.Has("example") && nullForReference(root, schema, media.Get("example")) {
			media.Delete("example")
		}
		examples := child(media, "examples")
		examples.Members = slices.DeleteFunc(examples.Members, func(m specfile.Member) bool {
			return nullForReference(root, schema, child(m.Value).Get("value"))
		})
		if media.Has("examples") && len(examples.Members) == 0 {
			media.Delete("examples")
		}
	})
}

// eachMedia visits what stands under the media types of "content".
func eachMedia(value any, visit func(*specfile.Object)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			eachMedia(item, visit)
		}
	case *specfile.Object:
		for _, member := range value.Members {
			if member.Key == "content" {
				for _, media := range child(member.Value).Members {
					visit(child(media.Value))
				}
			} else if member.Key != "schemas" {
				eachMedia(member.Value, visit)
			}
		}
	}
}

// nullForReference goes down an example along its schema.
func nullForReference(root, schema *specfile.Object, example any) bool {
	if ref, ok := schema.Get("$ref").(string); ok {
		schema = child(root, "components", "schemas", strings.TrimPrefix(ref, schemaPrefix))
	}
	list, _ := schema.Get("allOf").([]any)
	switch example := example.(type) {
	case nil:
		return len(list) == 1
	case []any:
		return slices.ContainsFunc(example, func(item any) bool {
			return nullForReference(root, child(schema, "items"), item)
		})
	case *specfile.Object:
		if len(list) == 1 {
			return nullForReference(root, child(list[0]), example)
		}
		return slices.ContainsFunc(example.Members, func(m specfile.Member) bool {
			return nullForReference(root, child(schema, "properties", m.Key), m.Value)
		})
	}
	return false
}
