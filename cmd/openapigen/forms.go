package main

import (
	"cmp"

	"github.com/getkin/kin-openapi/openapi3"
)

// The forms of texts, in the words of regular expressions that ECMAScript, RE2, Python and Java read alike.
const (
	// space is white space, apart from that in ASCII.
	space = `\x85\xa0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000`
	// anyText is a text as the server takes it: without U+0000.
	anyText = `^[^\x00]*$`
	// listedText is a text in a list whose values are separated by commas: some of it is not white space.
	listedText = `^[^\x00,]*[^\x00,\x09-\x0d\x20` + space + `][^\x00,]*$`
	// line is a text without a line break.
	line = `^[^\x00\n\r\u2028\u2029]*$`
	// name is a line of which something can be seen.
	name = `^[^\x00\n\r\u2028\u2029]*[^\x00-\x20\x7f-\x9f\xad` + space + `][^\x00\n\r\u2028\u2029]*$`
	// slugRune is a character that no slug is without; which ones other scripts lend is too much for an expression.
	slugRune = `[^\x00-/:-\x60{-\xa9` + space + `]`
	// hard are the characters that no part of an address has.
	hard = `\x00-\x20\x7f-\x9f"<>\\\uFFFD` + space
	// address is a full http or https URL without a user.
	address = `[Hh][Tt][Tt][Pp][Ss]?://(\[[0-9A-Fa-f:.]+\]|[^` + hard + `#%/:?@\[\]^\x60{|}]+)(:[0-9]*)?` +
		`(/([^` + hard + `%?#]|%[0-9A-Fa-f]{2})*)?(\?[^` + hard + `#]*)?(#([^` + hard + `%]|%[0-9A-Fa-f]{2})*)?`
	// moment is a date or a time of RFC 3339.
	moment = `^` + calendar + `(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$`
	// calendar is a day that there is.
	calendar = `([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|` +
		`([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)`
)

// maxListed is how many values a list in a parameter may have.
const maxListed = 100

// forms are what parameters annotated extensions(x-form=<name>) and fields with a tag form:"<name>" look like.
var forms = map[string]string{
	"cursor": `^[A-Za-z0-9_-]+$`,
	"key":    `^[!-~]{1,255}$`,
	"time":   moment,
	"line":   line,
	"name":   name,
	"slug":   `^(` + slugRune + `+(-` + slugRune + `+)*)?$`,
	"locale": `^[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*$`,
	"url":    `^(` + address + `)?$`,
}

// versions is what If-Match takes (RFC 9110, section 13.1.1): * or validators, with empty places between commas.
const versions = `^[ \t,]*(\*|(W/)?"[^\x00-\x20"\x7f]*"([ \t]*,[ \t,]*(W/)?"[^\x00-\x20"\x7f]*")*)[ \t,]*$`

// shapeParameters says of each parameter what any of its kind is held to, and what its own form is.
func (g *generator) shapeParameters() {
	for _, op := range g.operations() {
		for _, ref := range op.Parameters {
			p := ref.Value
			name, given := p.Extensions["x-form"].(string)
			delete(p.Extensions, "x-form")
			switch schema := p.Schema.Value; {
			case schema == nil || p.Schema.Ref != "":
			case len(schema.Enum) > 0:
				nameValues(schema)
			case given && forms[name] == "":
				g.faults.add(g.source.where(op.OperationID), "the parameter %s of %s is x-form=%s, which is no form", p.Name, op.label(), name)
			case p.Name == "If-Match":
				schema.Pattern = versions
			case p.In == openapi3.ParameterInHeader && !given: // HTTP says what it is
			case schema.Type.Is(openapi3.TypeArray):
				shapeList(schema, forms[name])
			case given:
				schema.Pattern = forms[name]
			case plainText(schema):
				schema.MinLength, schema.Pattern = max(schema.MinLength, 1), anyText
			}
		}
	}
}

// shapeList bounds a list of values separated by commas, each of a form if one is given.
func shapeList(schema *openapi3.Schema, form string) {
	schema.MinItems = max(schema.MinItems, 1)
	if schema.MaxItems == nil {
		schema.MaxItems = openapi3.Ptr(uint64(maxListed))
	}
	items := schema.Items.Value
	if schema.Format != "" && schema.Items.Ref == "" { // swag says it of the list
		items.Format, schema.Format = schema.Format, ""
	}
	if schema.Items.Ref == "" && plainText(items) {
		items.Pattern = cmp.Or(form, listedText)
	}
}

// plainText says that a schema is of any text.
func plainText(schema *openapi3.Schema) bool {
	return schema != nil && schema.Type.Is(openapi3.TypeString) && len(schema.Enum) == 0 && schema.Format == "" && schema.Pattern == ""
}
