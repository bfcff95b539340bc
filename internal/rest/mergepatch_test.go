package rest

import (
	"fmt"
	"reflect"
	"testing"
)

// The examples of RFC 7396, Appendix A: target, patch, result.
var mergePatches = [][3]string{
	{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
	{`{"a":"b"}`, `{"a":null}`, `{}`},
	{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
	{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
	{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
	{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
	{`["a","b"]`, `["c","d"]`, `["c","d"]`},
	{`{"a":"b"}`, `["c"]`, `["c"]`},
	{`{"a":"foo"}`, `null`, `null`},
	{`{"a":"foo"}`, `"bar"`, `"bar"`},
	{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
	{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
	{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
}

func TestMergePatchAsInTheRFC(t *testing.T) {
	t.Parallel()
	for i, example := range mergePatches {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			t.Parallel()
			var parsed [3]any
			for j, text := range example {
				v, err := parseJSON([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				parsed[j] = v
			}
			if got := mergePatch(parsed[0], parsed[1]); !reflect.DeepEqual(got, parsed[2]) {
				t.Errorf("%s patched with %s is %s, want %s", example[0], example[1], CanonicalJSON(got), example[2])
			}
			if CanonicalJSON(parsed[0]) != CanonicalJSON(mustParse(t, example[0])) {
				t.Errorf("the target itself was changed: %s", CanonicalJSON(parsed[0]))
			}
		})
	}
}

func mustParse(t *testing.T, text string) any {
	t.Helper()
	v, err := parseJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
