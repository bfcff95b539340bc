package exchange

import (
	"slices"
	"strings"
	"time"
)

// hiddenFlags are the fields that say by true that readers of the source do not find an item.
var hiddenFlags = []string{"unlisted", "hidden", "private", "headless", "membersonly", "paid",
	"protected", "isdraft", "premium", "paywall", "paywalled", "subscribersonly", "archived"}

// shownFlags are the fields that say so by false.
var shownFlags = []string{"publish", "ispublished", "visible", "render"}

// publicVisibilities are the values of visibility by which everybody sees an item.
var publicVisibilities = []string{"public", "published", "everyone", "everybody", "all", "open"}

// closedAccess are the values of access by which not everybody sees an item. Other values of that
// field are not about readers.
var closedAccess = []string{"paid", "members", "member", "private", "subscribers", "subscriber",
	"premium", "internal", "restricted", "password", "tiers"}

// visibility makes an item a draft that readers of its source did not see, and sets the time from
// which and up to which they did.
func (r *record) visibility(it *Item) (err error) {
	if it.VisibleFrom, err = r.limit(it, "visible_from"); err != nil {
		return err
	}
	if it.ExpiresAt, err = r.limit(it, "expires_at"); err != nil {
		return err
	}
	if why := r.hiddenBecause(); why != "" {
		it.Draft = true
		it.note("not for everybody at its source (%s); it is a draft", shorten(why))
	}
	return nil
}

// limit returns the time in a field that limits when readers see the item. The field may also say
// by true that they do not.
func (r *record) limit(it *Item, target string) (*time.Time, error) {
	for _, f := range r.candidates(target) {
		if closed, ok := boolWords[lowered(f)]; ok {
			f.used = true
			if closed {
				it.Draft = true
				it.note("not for everybody at its source (%s); it is a draft", shorten(f.name))
			}
			return nil, nil
		}
	}
	return r.timeOf(target)
}

// hiddenBecause returns the field by which readers of the source did not see the item, or not all
// of them; empty if all did.
func (r *record) hiddenBecause() (why string) {
	say := func(f *field, hidden bool) {
		f.used = true
		if hidden && why == "" {
			why = f.name
			if text := strings.TrimSpace(textOf(f.value)); text != "" {
				why += ": " + text
			}
		}
	}
	flags := func(names []string, hiddenBy bool) {
		for _, name := range names {
			if f := r.unused(name); f != nil {
				if value, ok := boolWords[lowered(f)]; ok {
					say(f, value == hiddenBy)
				}
			}
		}
	}
	flags(hiddenFlags, true)
	flags(shownFlags, false)
	if f := r.unused("visibility"); f != nil && lowered(f) != "" {
		say(f, !slices.Contains(publicVisibilities, lowered(f)))
	}
	if f := r.unused("access"); f != nil && slices.Contains(closedAccess, lowered(f)) {
		say(f, true)
	}
	for _, name := range []string{"password", "passwordprotected"} {
		if f := r.unused(name); f != nil && lowered(f) != "" && lowered(f) != "false" {
			say(f, true)
			why = f.name // and not the password
		}
	}
	for _, name := range []string{"_build", "build"} {
		if f := r.fields[fold(name)]; f != nil && isNeverBuilt(f.value) {
			say(f, true)
		}
	}
	return why
}

// unused returns the field of that folded name if it has a value that no other target has taken.
func (r *record) unused(name string) *field {
	f := r.fields[name]
	if f == nil || f.used || r.claimed[name] || isEmpty(f.value) {
		return nil
	}
	return f
}

// lowered returns the text of a field, or of its only item, in lower case.
func lowered(f *field) string {
	value := f.value
	if list, ok := value.([]any); ok && len(list) == 1 {
		value = list[0]
	}
	return strings.ToLower(strings.TrimSpace(textOf(value)))
}

// isNeverBuilt reports whether the build options of a Hugo page keep it out of lists or the site.
func isNeverBuilt(value any) bool {
	table, _ := value.(map[string]any)
	for _, name := range []string{"list", "render"} {
		switch strings.ToLower(textOf(table[name])) {
		case "never", "false", "local", "link":
			return true
		}
	}
	return false
}
