package exchange

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// largestFrontMatter are front matters as large as may be, of the kinds that make most work.
var largestFrontMatter = map[string]string{
	"yaml of names":           "---\n" + times(func(i int) string { return fmt.Sprintf("k%d: 0\n", i) }) + "---\n",
	"yaml of one name":        "---\n" + times(func(int) string { return "k: 0\n" }) + "---\n",
	"yaml of deep lists":      "---\nk: " + times(func(int) string { return "[" }) + "\n---\n",
	"yaml of deep blocks":     "---\nk:\n  " + strings.Repeat("- ", maxFrontMatterBytes/2-20) + "0\n---\n",
	"yaml of anchors":         "---\na0: &a0 [x,x,x,x,x,x,x,x,x]\n" + times(aliases) + "---\n",
	"yaml of a long text":     "---\ntitle: |\n" + times(func(int) string { return "  a\n" }) + "---\n",
	"yaml of tags":            "---\ntags: [" + times(func(i int) string { return fmt.Sprintf("t%d,", i) }) + "x]\n---\n",
	"yaml of merges":          "---\na: &a {b: 0}\nc:\n" + times(func(int) string { return "  <<: *a\n" }) + "---\n",
	"toml of names":           "+++\n" + times(func(i int) string { return fmt.Sprintf("k%d=0\n", i) }) + "+++\n",
	"toml of tables":          "+++\n" + times(func(i int) string { return fmt.Sprintf("[a.b%d]\n", i) }) + "+++\n",
	"toml of a deep table":    "+++\n[" + strings.Repeat("a.", maxFrontMatterBytes/2-20) + "a]\n+++\n",
	"toml of lists of tables": "+++\n" + times(func(int) string { return "[[a]]\n" }) + "+++\n",
	"toml of deep lists":      "+++\nk=" + times(func(int) string { return "[" }) + "\n+++\n",
	"json of names":           "{" + times(func(i int) string { return fmt.Sprintf("\"k%d\":0,", i) }) + "\"x\":0}\n",
	"json of deep lists":      "{\"k\":" + times(func(int) string { return "[" }) + "\n",
	"a fence without an end":  "---\n" + times(func(int) string { return "--\n" }),
}

// aliases doubles what stands for a name, again and again.
func aliases(i int) string {
	return fmt.Sprintf("a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n", i+1, i+1, i, i, i, i)
}

// times returns as many items as a front matter holds.
func times(item func(i int) string) string {
	var b strings.Builder
	for i := 0; ; i++ {
		next := item(i)
		if b.Len()+len(next) > maxFrontMatterBytes-100 {
			return b.String()
		}
		b.WriteString(next)
	}
}

func readOne(text string) (it Item) {
	folder := fstest.MapFS{"a.md": {Data: []byte(text + "\nBody.\n")}}
	for it = range Markdown(folder, Options{}) {
	}
	return it
}

// TestTheLargestFrontMatterIsLittleWork counts work by what is allocated for it, which is the same
// on a busy machine; BenchmarkLargestFrontMatter has the times.
func TestTheLargestFrontMatterIsLittleWork(t *testing.T) {
	for name, text := range largestFrontMatter {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		it := readOne(text)
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
			t.Errorf("%s: %d bytes were allocated", name, n)
		}
		if it.File != "a.md" {
			t.Errorf("%s: the file is not reported", name)
		}
	}
}

func BenchmarkLargestFrontMatter(b *testing.B) {
	for name, text := range largestFrontMatter {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				readOne(text)
			}
		})
	}
}
