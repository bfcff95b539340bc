package api

type otherParams struct {
	// How many.
	Limit int `query:"limit" maximum:"5" example:"9"`
	// Odd.
	Odd  string `query:"odd" form:"crescent"`
	Bare string `query:"bare" of:"nothing"`
	// Of what.
	Fields  []string `query:"fields" of:"fields"`
	Unnamed string
	lostParams
	// Not a number.
	Page int `query:"page" minimum:"one"`
}
