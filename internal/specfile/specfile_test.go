package specfile_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/masthead-cms/masthead/internal/specfile"
	"go.yaml.in/yaml/v3"
)

const sample = `{"zebra":1,"apple":{"texts":["one\ntwo\n"," lead\n\nthree","no","12:30","null","2026-03-12T08:00:00Z",""," x ","- a","тоҷикӣ","# no comment","a: b","true","0x1f"],"none":[],"empty":{}},"on":true,"nil":null,"float":1.50,"big":12345678901234567890}`

func TestJSONKeepsOrderAndNumbersAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	value, err := specfile.Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	got := specfile.JSON(value, 0)
	if string(got) != sample+"\n" {
		t.Errorf("got  %swant %s", got, sample)
	}
}

func TestJSONPutsShallowMembersOnTheirOwnLines(t *testing.T) {
	t.Parallel()
	value, err := specfile.Parse([]byte(`{"a":{"b":{"c":1},"d":[]},"e":[1,2]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := specfile.JSON(value, 2)
	want := "{\n  \"a\": {\n    \"b\": {\"c\":1},\n    \"d\": []\n  },\n  \"e\": [\n    1,\n    2\n  ]\n}\n"
	if string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestYAMLReadsBackAsTheSameValue(t *testing.T) {
	t.Parallel()
	value, err := specfile.Parse([]byte(strings.Replace(sample, `,"big":12345678901234567890`, "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	written, err := specfile.YAML(value)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(written), specfile.Mark+"\nzebra: 1\napple:\n  texts:\n") {
		t.Errorf("not in block style, or not in order:\n%s", written)
	}
	var back any
	if err := yaml.Unmarshal(written, &back); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(back)
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(t, got, []byte(strings.Replace(sample, `,"big":12345678901234567890`, "", 1))) {
		t.Errorf("read back as %s", got)
	}
}

func TestYAMLQuotesWhatOldReadersTakeForSomethingElse(t *testing.T) {
	t.Parallel()
	value, err := specfile.Parse([]byte(`["no","On","y","12:30:00","noon"]`))
	if err != nil {
		t.Fatal(err)
	}
	written, err := specfile.YAML(value)
	if err != nil {
		t.Fatal(err)
	}
	want := specfile.Mark + "\n- \"no\"\n- \"On\"\n- \"y\"\n- \"12:30:00\"\n- noon\n"
	if string(written) != want {
		t.Errorf("got\n%swant\n%s", written, want)
	}
}

func TestParseRefusesWhatIsNotOneValue(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", `{"a":}`, "[1,", "1 2", "{} x", "a: 1", "- 1"} {
		if _, err := specfile.Parse([]byte(text)); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
}

func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var left, right any
	for data, into := range map[*[]byte]*any{&a: &left, &b: &right} {
		if err := json.Unmarshal(*data, into); err != nil {
			t.Fatal(err)
		}
	}
	return reflect.DeepEqual(left, right)
}
