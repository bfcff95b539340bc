package exchange

import (
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/text"
)

// targetFields are the fields a mapping can fill, besides extra.NAME for any name.
var targetFields = []string{
	"id", "url", "title", "slug", "type", "locale", "kicker", "summary", "body", "body_html",
	"body_format", "dateline",
	"byline", "authors", "sections", "tags", "aliases", "related_links", "translation_key",
	"published_at", "updated_at",
	"visible_from",
	"expires_at", "draft",
	"published", "status",
	"canonical_url", "source.name", "source.url", "source.license", "meta.title",
	"meta.description", "meta.noindex",
	"extra",
}

// Mapping maps target fields (body, source.name) to the source fields they are read from: a name,
// or names joined by dots for members of objects (front_matter.title). A field without a mapping is
// looked up under its own name and the names that other systems use for it.
type Mapping map[string]string

// ParseMapping parses a mapping such as body=text,published_at=time,source.name=src. An empty
// string is an empty mapping. The error names the invalid part, and for an unknown field the
// nearest one and the list of all.
func ParseMapping(s string) (Mapping, error) {
	m := Mapping{}
	if strings.TrimSpace(s) == "" {
		return m, nil
	}
	for _, part := range strings.Split(s, ",") {
		target, source, ok := strings.Cut(part, "=")
		target, source = strings.TrimSpace(target), strings.TrimSpace(source)
		switch {
		case !ok || target == "" || source == "":
			return nil, fmt.Errorf("mapping: %q is not of the form field=name", part)
		case !isTarget(target):
			return nil, unknownTarget(target)
		case m[target] != "":
			return nil, fmt.Errorf("mapping: %q is mapped twice, to %q and %q", target, m[target],
				source)
		}
		m[target] = source
	}
	return m, nil
}

func isTarget(name string) bool {
	own, ok := strings.CutPrefix(name, "extra.")
	return ok && own != "" || slices.Contains(targetFields, name)
}

func unknownTarget(name string) error {
	hint := "."
	if best := nearest(name); best != "" {
		hint = fmt.Sprintf("; did you mean %q?", best)
	}
	return fmt.Errorf("mapping: there is no field %q%s The fields are %s and extra.NAME",
		name, hint, strings.Join(targetFields, ", "))
}

// nearest returns the field that another system's name stands for, or else the one with the
// smallest edit distance; empty if all differ in more than a third of their letters.
func nearest(name string) string {
	for _, target := range targetFields {
		if fold(target) == fold(name) || slices.Contains(alternateNames[target], fold(name)) {
			return target
		}
	}
	return text.Nearest(strings.ToLower(name), targetFields)
}

// lookup returns the value at a path. A name that itself contains the dot takes precedence over an
// object with the remaining path.
func lookup(table map[string]any, path string) (any, bool) {
	if value, ok := table[path]; ok {
		return value, true
	}
	for i := range len(path) {
		if path[i] != '.' {
			continue
		}
		if inner, ok := table[path[:i]].(map[string]any); ok {
			if value, ok := lookup(inner, path[i+1:]); ok {
				return value, true
			}
		}
	}
	return nil, false
}

// record returns the fields of an item. A mapped field has the value at its path and no other; a
// source field used by the mapping is no longer recognized under another system's name, but still
// under our own.
func (m Mapping) record(values map[string]any) *record {
	r := newRecord(values)
	r.mapped, r.claimed = map[string]bool{}, map[string]bool{}
	taken := map[string]bool{}
	for _, path := range m {
		taken[path] = true
	}
	for folded, f := range r.fields {
		switch {
		case taken[f.name]:
			f.used, r.claimed[folded] = true, true
		case reachesInto(taken, f.name):
			f.used, r.claimed[folded] = true, true
			r.addLeftovers(f.name, f.value, taken)
		}
	}
	own := map[string]any{}
	for target, path := range m {
		value, _ := lookup(values, path)
		if name, ok := strings.CutPrefix(target, "extra."); ok {
			own[name] = value
			continue
		}
		r.mapped[target] = true
		folded := fold(target)
		if old := r.fields[folded]; old != nil && !old.used {
			r.addLeftover(old.name, old.value)
		}
		r.fields[folded] = &field{name: path, value: value}
	}
	r.addExtra(own)
	return r
}

// addExtra adds values to the field extra, replacing those of the same names.
func (r *record) addExtra(own map[string]any) {
	if len(own) == 0 {
		return
	}
	if f := r.fields["extra"]; f != nil {
		table, ok := f.value.(map[string]any)
		if !ok {
			r.addLeftover(f.name, f.value)
		}
		mergeInto(own, []any{table})
	}
	for name, value := range own {
		if isEmpty(value) {
			delete(own, name)
		}
	}
	r.fields["extra"] = &field{name: "extra", value: own}
}

// reachesInto reports whether a path leads into the field of that name.
func reachesInto(paths map[string]bool, name string) bool {
	for path := range paths {
		if strings.HasPrefix(path, name+".") {
			return true
		}
	}
	return false
}

// addLeftovers records which members of an object a mapping has not used.
func (r *record) addLeftovers(name string, value any, taken map[string]bool) {
	table, ok := value.(map[string]any)
	if !ok {
		return
	}
	for _, key := range sortedKeys(table) {
		path := name + "." + key
		switch {
		case taken[path]:
		case reachesInto(taken, path):
			r.addLeftovers(path, table[key], taken)
		default:
			r.addLeftover(path, table[key])
		}
	}
}
