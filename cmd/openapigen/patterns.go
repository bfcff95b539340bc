package main

import (
	"github.com/getkin/kin-openapi/openapi3"
)

// Patterns of strings, in the syntax that all languages have in common. They name no character
// outside ASCII: Ruby and PHP do not know the ways in which Go, Java, JavaScript and Python write
// one. So they allow some strings that the server refuses, such as a name of no-break spaces.
const (
	// anyText is any string that the server accepts: without U+0000.
	anyText = `^[^\x00]*$`
	// listedText is an item of a list separated by commas: it is not blank.
	listedText = `^[^\x00,]*[^\x00,\x09-\x0d\x20][^\x00,]*$`
	// line is a string without line breaks.
	line = `^[^\x00\n\r]*$`
	// name is a line that is not blank.
	name = `^[^\x00\n\r]*[^\x00-\x20\x7f][^\x00\n\r]*$`
	// slugRune is a character of a slug; which letters are allowed outside ASCII is too much for an
	// expression.
	slugRune = `[^\x00-/:-\x60{-\x7f]`
	// hard are the characters that no part of a URL contains.
	hard = `\x00-\x20\x7f\x22<>\\`
	// address is a full http or https URL without a user.
	address = `[Hh][Tt][Tt][Pp][Ss]?://(\[[0-9A-Fa-f:.]+\]|[^` + hard +
		`#%/:?@\[\]^\x60{|}]+)(:[0-9]*)?` +
		`(/([^` + hard + `%?#]|%[0-9A-Fa-f]{2})*)?(\?[^` + hard + `#]*)?(#([^` + hard +
		`%]|%[0-9A-Fa-f]{2})*)?`
	// moment is a date or a time of RFC 3339.
	moment = `^` + calendar +
		`(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$`
	// calendar is a date that exists.
	calendar = `([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|` +
		`([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)`
)

// forms are the patterns of fields with a tag form:"<name>".
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

// plainText reports whether a schema allows any string.
func plainText(schema *openapi3.Schema) bool {
	return schema != nil && schema.Type.Is(openapi3.TypeString) && len(schema.Enum) == 0 &&
		schema.Format == "" && schema.Pattern == ""
}
