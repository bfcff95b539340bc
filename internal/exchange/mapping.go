package exchange

import (
	"fmt"
	"slices"
	"strings"

	"github.com/masthead-cms/masthead/internal/text"
)

// targets are the fields a mapping can fill. Behind extra a dot and any name make a field of the site's own.
var targets = []string{
	"id", "url", "title", "slug", "type", "locale", "kicker", "summary", "body", "body_html", "body_format", "dateline",
	"byline", "tags", "aliases", "related_links", "published_at", "updated_at", "draft", "published", "status",
	"canonical_url", "source.name", "source.url", "source.license", "meta.title", "meta.description", "meta.noindex",
	"extra",
}

// Mapping says for fields of ours (body, source.name) where in a line of JSON they stand: a name, or names joined by dots
// for what lies inside objects (front_matter.title). A field without a mapping is sought under its own name and the names
// other systems give it.
type Mapping map[string]string

// ParseMapping reads a mapping as people write it: body=text,published_at=time,source.name=src. An empty text is an empty
// mapping. The error names the part that is wrong, and for an unknown field the nearest one and all there are.
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
			return nil, fmt.Errorf("mapping: %q is mapped twice, to %q and %q", target, m[target], source)
		}
		m[target] = source
	}
	return m, nil
}

func isTarget(name string) bool {
	own, ok := strings.CutPrefix(name, "extra.")
	return ok && own != "" || slices.Contains(targets, name)
}

func unknownTarget(name string) error {
	hint := "."
	if best := nearest(name); best != "" {
		hint = fmt.Sprintf("; did you mean %q?", best)
	}
	return fmt.Errorf("mapping: there is no field %q%s The fields are %s and extra.NAME",
		name, hint, strings.Join(targets, ", "))
}

// nearest is the field that another system's name stands for, or the one least different in spelling; empty if all
// differ in more than a third.
func nearest(name string) string {
	for _, target := range targets {
		if fold(target) == fold(name) || slices.Contains(aliases[target], fold(name)) {
			return target
		}
	}
	return text.Nearest(strings.ToLower(name), targets)
}

// dig finds the value at a path. A name that itself holds the dot wins over an object that holds the rest.
func dig(table map[string]any, path string) (any, bool) {
	if value, ok := table[path]; ok {
		return value, true
	}
	for i := range len(path) {
		if path[i] != '.' {
			continue
		}
		if inner, ok := table[path[:i]].(map[string]any); ok {
			if value, ok := dig(inner, path[i+1:]); ok {
				return value, true
			}
		}
	}
	return nil, false
}

// record makes a record of a line. A mapped field has the value at its place and nothing else; what the mapping has taken
// no longer stands for another system's name, but still for our own.
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
			r.loseRest(f.name, f.value, taken)
		}
	}
	own := map[string]any{}
	for target, path := range m {
		value, _ := dig(values, path)
		if name, ok := strings.CutPrefix(target, "extra."); ok {
			own[name] = value
			continue
		}
		r.mapped[target] = true
		folded := fold(target)
		if old := r.fields[folded]; old != nil && !old.used {
			r.lose(old.name, old.value)
		}
		r.fields[folded] = &field{name: path, value: value}
	}
	r.addExtra(own)
	return r
}

// addExtra puts values into the site's own table, in front of what it has by the same names.
func (r *record) addExtra(own map[string]any) {
	if len(own) == 0 {
		return
	}
	if f := r.fields["extra"]; f != nil {
		table, ok := f.value.(map[string]any)
		if !ok {
			r.lose(f.name, f.value)
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

// reachesInto tells whether a path leads into the field of that name.
func reachesInto(paths map[string]bool, name string) bool {
	for path := range paths {
		if strings.HasPrefix(path, name+".") {
			return true
		}
	}
	return false
}

// loseRest notes what a mapping has left of an object it reached into.
func (r *record) loseRest(name string, value any, taken map[string]bool) {
	table, ok := value.(map[string]any)
	if !ok {
		return
	}
	for _, key := range sortedKeys(table) {
		path := name + "." + key
		switch {
		case taken[path]:
		case reachesInto(taken, path):
			r.loseRest(path, table[key], taken)
		default:
			r.lose(path, table[key])
		}
	}
}
