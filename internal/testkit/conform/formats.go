package conform

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// formats are those of the document that the library does not validate by default.
var formats = map[string]openapi3.StringFormatValidator{
	"uuid":          openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562),
	"email":         openapi3.NewCallbackValidator(address),
	"iri":           openapi3.NewCallbackValidator(absolute),
	"iri-reference": openapi3.NewCallbackValidator(reference),
	"uri-reference": openapi3.NewCallbackValidator(ascii),
}

func address(s string) error {
	at, err := mail.ParseAddress(s)
	if err == nil && at.Address != s {
		err = fmt.Errorf("%q is more than an address", s)
	}
	return err
}

func absolute(s string) error {
	at, err := url.Parse(s)
	if err == nil && !at.IsAbs() {
		err = errors.New("it has no scheme")
	}
	return err
}

func reference(s string) error {
	_, err := url.Parse(s)
	return err
}

// ascii accepts a reference that is percent-encoded.
func ascii(s string) error {
	if i := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
		return fmt.Errorf("it is not percent-encoded at %q", s[i:])
	}
	return reference(s)
}
