package exchange

import (
	"path"
	"strings"

	"github.com/masthead-cms/masthead/internal/text"
)

// linkIndex finds the pages that links of the same folder lead to.
type linkIndex struct {
	addresses map[string]string   // of pages, by path without suffix and language
	names     map[string][]string // the paths of pages, by the last element
}

// link returns the address here of the page that another one refers to. The target is a path of the
// source or relative to the page, with or without suffix, or the mere name of a page.
func (f *folder) link(from, target string) string {
	if f.index == nil {
		f.index = f.newLinkIndex()
	}
	target, fragment, _ := strings.Cut(decodePercent(target), "#")
	target = strings.TrimSuffix(strings.TrimPrefix(target, "@"), "/")
	for _, suffix := range []string{".md", ".markdown", ".mdx", ".html"} {
		target = strings.TrimSuffix(target, suffix)
	}
	address := f.index.find(path.Dir(from), strings.TrimSuffix(target, "/index"))
	if address != "" && fragment != "" {
		address += "#" + fragment
	}
	return address
}

func (x *linkIndex) find(dir, target string) string {
	if target == "" {
		return ""
	}
	if !strings.HasPrefix(target, "/") {
		if address := x.addresses[path.Join(dir, target)]; address != "" {
			return address
		}
		if strings.HasPrefix(target, ".") {
			return ""
		}
	}
	target = strings.TrimPrefix(path.Clean("/"+target), "/")
	if address := x.addresses[target]; address != "" {
		return address
	}
	// The folder may be one above or below the one that the source's paths begin in.
	found := ""
	for _, candidate := range x.names[path.Base(target)] {
		if candidate == target || strings.HasSuffix(candidate, "/"+target) {
			if found != "" {
				return "" // several pages are meant
			}
			found = candidate
		}
	}
	return x.addresses[found]
}

// newLinkIndex reads all pages of a folder for their slugs. A slug that several pages state leads
// to one of them, which is not known yet: neither is linked.
func (f *folder) newLinkIndex() *linkIndex {
	x := &linkIndex{addresses: map[string]string{}, names: map[string][]string{}}
	slugs := map[string]int{}
	items := make([]Item, 0, len(f.pages))
	for _, p := range f.pages {
		it := f.parse(p)
		it.Body = ""
		it.Slug = text.Slug(it.Slug)
		if it.Skip == "" && it.Slug != "" {
			slugs[it.Slug]++
			items = append(items, it)
		}
	}
	for i := range items {
		it := &items[i]
		if slugs[it.Slug] == 1 {
			x.add(it, f.ArticleURL(it, it.Slug))
		}
	}
	return x
}

// add adds a page under its path, with and without its language and date.
func (x *linkIndex) add(it *Item, address string) {
	if address == "" {
		return
	}
	file := strings.TrimSuffix(it.File, path.Ext(it.File))
	file = strings.TrimSuffix(file, "/index")
	_, undated := splitDate(path.Base(file), nil)
	for _, name := range []string{file, path.Join(path.Dir(file), undated)} {
		if _, there := x.addresses[name]; !there {
			x.addresses[name] = address
			x.names[path.Base(name)] = append(x.names[path.Base(name)], name)
		}
	}
}
