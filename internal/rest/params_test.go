package rest_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/rest"
)

type color string

type sampleParams struct {
	rest.PageParams
	Color   color      `query:"color" default:"red"`
	Colors  []color    `query:"colors"`
	Sort    string     `query:"sort" of:"sorts"`
	Set     []string   `query:"set" of:"sorts" unique:"true"`
	Later   string     `query:"later" of:"nothing" maxLength:"2"`
	Short   string     `query:"short" maxLength:"2" required:"two letters"`
	Since   *time.Time `query:"since" form:"time"`
	IDs     []cms.ID   `query:"id"`
	Locales []string   `query:"locale" form:"locale"`
	Deep    bool       `query:"deep"`
}

var readSample = rest.NewParams[sampleParams](map[string][]string{
	"color": {"red", "green"}, "sorts": {"name", "-name"},
})

// read returns the parameters of a query, and parameter and code of each error.
func read(query string) (sampleParams, []string) {
	request := httptest.NewRequest("GET", "/?"+query, nil)
	q := rest.NewQuery(echo.New().NewContext(request, httptest.NewRecorder()))
	params := readSample.Read(q)
	var refusal *cms.Error
	var found []string
	if errors.As(q.Done(), &refusal) {
		for _, e := range refusal.Fields {
			found = append(found, e.Parameter+" "+e.Code)
		}
	}
	return params, found
}

func TestParamsReadWhatTheFieldsDeclare(t *testing.T) {
	t.Parallel()
	id := "019ce07e-a400-7000-8000-3d8a5c1f0b21"
	got, found := read("limit=5&color=green&colors=red,green&sort=-name&set=name&later=long&short=ab" +
		"&since=2026-03-12&locale=en-us&deep=true&id=" + id)
	since := time.Date(2026, 3, 12, 0, 0, 0, 0, time.UTC)
	want := sampleParams{
		PageParams: rest.PageParams{Limit: 5},
		Color:      "green",
		Colors:     []color{"red", "green"},
		Sort:       "-name",
		Set:        []string{"name"},
		Later:      "long",
		Short:      "ab",
		Since:      &since,
		IDs:        []cms.ID{cms.ID(id)},
		Locales:    []string{"en-US"},
		Deep:       true,
	}
	if diff := cmp.Diff(want, got); diff != "" || found != nil {
		t.Errorf("%v (-want +got):\n%s", found, diff)
	}
	if got, _ := read("short=ab"); got.Limit != 20 || got.Color != "red" || got.Sort != "" || got.Deep {
		t.Errorf("the defaults are %+v", got)
	}
}

func TestParamsRefuseInTheOrderOfTheFields(t *testing.T) {
	t.Parallel()
	_, found := read("deep=2&set=name,name&colors=blue&color=blue&limit=101&sort=age&id=x&since=now&colour=red")
	want := []string{
		"limit out_of_range", "color not_allowed", "colors not_allowed", "sort not_allowed", "set repeated",
		"short required", "since invalid_time", "id invalid", "deep not_allowed", "colour unknown",
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, found := read("short=abc"); len(found) != 1 || found[0] != "short too_long" {
		t.Errorf("got %v", found)
	}
}

func TestParamsThatCannotBeReadPanic(t *testing.T) {
	t.Parallel()
	for want, declare := range map[string]func(){
		"no reader for float64": func() {
			rest.NewParams[struct {
				N float64 `query:"n"`
			}](nil)
		},
		"are not known": func() {
			rest.NewParams[struct {
				C color `query:"c"`
			}](nil)
		},
		"invalid syntax": func() {
			rest.NewParams[struct {
				N int `query:"n" minimum:"one"`
			}](nil)
		},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("%q does not contain %q", got, want)
				}
			}()
			declare()
		}()
	}
}

func TestNumberedPagesEndWhereTheStoreDoes(t *testing.T) {
	t.Parallel()
	field, _ := reflect.TypeFor[rest.PageParams]().FieldByName("Page")
	if got := field.Tag.Get("maximum"); got != strconv.Itoa(cms.MaxOffset+1) {
		t.Errorf("the last page is %s", got)
	}
}
