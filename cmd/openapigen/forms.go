package main

import (
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

// forms are what fields with a tag form:"<name>" look like.
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

// plainText reports whether a schema is of any text.
func plainText(schema *openapi3.Schema) bool {
	return schema != nil && schema.Type.Is(openapi3.TypeString) && len(schema.Enum) == 0 && schema.Format == "" && schema.Pattern == ""
}
