// Package api is a fixture that swag refuses.
package api

// @ID getThing
// @Summary Get a thing
// @Description A description.
// @Tags articles
// @Param limit query int false ""
// @Success 200 "Fine."
// @Router /things [get]
func getThing() {}
