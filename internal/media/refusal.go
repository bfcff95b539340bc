package media

import (
	"fmt"

	"github.com/dustin/go-humanize"
)

// Code is why a file is refused, for programs.
type Code string

const (
	// Unsupported is a file of a kind that is not taken; the sentence says what to do.
	Unsupported Code = "unsupported"
	// Broken is a file that is not whole, or is not what it says it is.
	Broken Code = "broken"
	// TooLarge is a file with too many bytes, pixels, frames or parts.
	TooLarge Code = "too_large"
)

// Refusal is why a file is not taken. Its sentence is for people.
type Refusal struct {
	Code     Code
	Sentence string
}

func (r *Refusal) Error() string { return r.Sentence }

func refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Sentence: fmt.Sprintf(format, args...)}
}

func broken(format string, args ...any) *Refusal { return refuse(Broken, format, args...) }

// errTruncated is the refusal of a file that ends before it should.
var errTruncated = broken("The file ends too early: it was not saved or sent whole.")

// megabytes returns a number of bytes for people.
func megabytes(n int64) string { return humanize.IBytes(uint64(n)) }

// thousands returns a number with commas between groups of three digits.
func thousands(n int) string { return humanize.Comma(int64(n)) }
