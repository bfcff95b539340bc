package api

// @Summary Has no id
// @Description A description.
// @Tags articles
// @Success 200 {object} Silent "Fine."
// @Router /nameless [get]
func nameless() {}

// @ID articles
// @Summary Ends with a full stop.
// @Tags articles,unworn
// @Success 200 {object} cms.Article "Fine."
// @Router /articles [get]
func badID() {}

// @ID getThing
// @Description A description.
// @Tags weather
// @Security bearer
// @Success 200 {object} Thing "Fine."
// @Header 200 {string} X-Unheard-Of "Unheard of."
// @Failure 404 {object} Problem "Gone."
// @Router /things [get]
// @x-public true
// @x-optional-auth true
func getThing() {}

// @ID getOther
// @Summary Get the other
// @Description A description.
// @Tags articles
// @Kind known
// @Query otherParams
// @Query missingParams
// @Success 200 {object} Other
// @Success 201 {object} Pair[Other,Other] "Two."
// @Router /others [get]
func getOther() {}

// @ID updateList
// @Summary Update a list
// @Description A description.
// @Tags articles
// @Kind known unknown list
// @Param limit query int false "How many."
// @Param body body []string true "The list."
// @Success 200 {object} Other "Fine."
// @x-acts ["articles:fly"]
// @Router /lists [patch]
func updateList() {}
