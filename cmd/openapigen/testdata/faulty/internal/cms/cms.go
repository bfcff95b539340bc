// Package cms is a fixture.
package cms

// Article is a row, and no wire type.
type Article struct {
	Secret string `json:"secret"`
}

type Mood string

const Glad Mood = "glad"
