package exchange

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"strings"
	"time"
	"unicode/utf8"
)

var errTooLong = errors.New("the line is longer than 16 MiB")

// JSONL reads articles from JSON Lines, one object a line. name is the file's name for reports.
// Every line that is not blank yields one item; a line that cannot be read, or that repeats the key
// of an earlier one, yields an item with Skip set. If reading itself fails, the last item says so.
func JSONL(r io.Reader, name string, options Options) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		in := bufio.NewReaderSize(r, 64<<10)
		seen := map[string]int{} // the line of each key
		for n := 1; ; n++ {
			line, err := nextLine(in)
			if errors.Is(err, io.EOF) {
				return
			}
			if n == 1 {
				line = bytes.TrimPrefix(line, []byte(byteOrderMark))
			}
			it := Item{File: name, Line: n}
			switch {
			case err == nil && len(bytes.TrimSpace(line)) == 0:
				continue
			case errors.Is(err, errTooLong):
				it.skip(n, "%s", err)
			case err != nil:
				it.skip(n, "cannot be read: %s", errorWithoutPath(err))
				yield(it)
				return
			default:
				options.readLine(&it, line, seen)
			}
			if !yield(it) {
				return
			}
		}
	}
}

// nextLine reads to the end of a line; the last line need not end with a line feed. The error is
// io.EOF at the end of the input, or errTooLong, after which the next line can be read.
func nextLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	tooLong := false
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxItemBytes {
			line, tooLong = nil, true
		}
		if !tooLong {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !tooLong):
			return nil, err
		case tooLong:
			return nil, errTooLong
		}
		return line, nil
	}
}

// readLine parses one line into it and records its key in seen.
func (o *Options) readLine(it *Item, line []byte, seen map[string]int) {
	values, err := parseObject(line)
	if err != nil {
		it.skip(it.Line, "%s", err)
		return
	}
	if len(o.Mapping) == 0 {
		values = withFrontMatter(values)
	}
	r := o.record(values)
	if it.Key = r.trimmedText("id"); it.Key == "" {
		it.Key = r.trimmedText("url")
	}
	err = r.body(it)
	if err == nil {
		err = r.fill(it)
	}
	if err != nil {
		it.skip(it.Line, "%s", err)
		return
	}
	if it.Title == "" {
		it.skip(it.Line, "no title")
		return
	}
	if it.Key == "" {
		it.Key = contentKey(it)
	}
	if earlier, twice := seen[it.Key]; twice {
		it.skip(it.Line, "the article “%s” is already on line %d", shorten(it.Key), earlier)
		return
	}
	seen[it.Key] = it.Line
	o.convertBody(it, "", it.Line, nil, nil)
	for i := range it.Markup {
		it.Markup[i].Line = it.Line
	}
	r.finish(it)
}

// withFrontMatter returns the fields of an object that has those of the front matter of a page in a
// table of their own.
func withFrontMatter(values map[string]any) map[string]any {
	for _, name := range []string{"front_matter", "frontmatter", "frontMatter"} {
		table, isTable := values[name].(map[string]any)
		if !isTable {
			continue
		}
		fields := maps.Clone(values)
		delete(fields, name)
		for key, value := range table {
			if _, there := fields[key]; !there {
				fields[key] = value
			}
		}
		return fields
	}
	return values
}

// parseObject decodes a line that must be exactly one JSON object.
func parseObject(line []byte) (map[string]any, error) {
	if !utf8.Valid(line) {
		return nil, errors.New("not valid UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		return nil, errors.New("not JSON: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value on the line")
	}
	value, err := fromDecoded(decoded, 0)
	if err != nil {
		return nil, err
	}
	switch value := value.(type) {
	case map[string]any:
		return value, nil
	case []any:
		return nil, errors.New("a JSON list, not an object: put each object on a line of its own")
	}
	return nil, errors.New("not a JSON object")
}

// contentKey returns the key of an article without id and url. It is stable as long as title and
// date are.
func contentKey(it *Item) string {
	date := ""
	if it.PublishedAt != nil {
		date = it.PublishedAt.Format(time.RFC3339)
	}
	sum := sha256.Sum256([]byte(it.Title + "\n" + date))
	return "sha256:" + hex.EncodeToString(sum[:16])
}
