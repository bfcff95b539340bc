package auth

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestGoodPasswordsPass(t *testing.T) {
	t.Parallel()
	about := []string{"nora.lindqvist@morgenblatt.example", "Nora Lindqvist", "Morgenblatt"}
	for _, password := range []string{
		"purple otter reads maps", "kitchen-lamp-river-42", "x7#Kp!vQ2mZr", "830174926351", "Wo der Pfeffer wächst",
		"четыре слова о погоде", "خمس كلمات لا علاقة لها", "今天的天气真的非常好啊我们走", "zehn zahme Ziegen zogen", "      lots of    room     ",
		"rdtgj-u5qaz-nwmke-3hx2f", "Nora likes walking in the rain", "my password is a long story", "🦊🐢🌵🎻🍋🚲🪁🧭🥨🎈🪵🧦",
		strings.Repeat("pack my box with five dozen jugs. ", 7), "tr0ub4dor&3-and-then", "passwordkzvbxrtq",
	} {
		if err := CheckPassword(password, about...); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	about := []string{"nora.lindqvist@morgenblatt.example", "Nora Lindqvist", "Morgenblatt"}
	for code, passwords := range map[string][]string{
		"too_short": {"", "short", "elevenchars", "            ",
			"\u2003\u2003\u2003\u2003\u2003\u2003\u2003\u2003\u2003\u2003\u2003\u2003", "ぱすわーどはここです!"},
		"too_long": {strings.Repeat("pack my box ", 22), strings.Repeat("é", 257)},
		"not_text": {"purple otter\nreads maps", "purple otter reads maps\r", "purple otter\x00reads maps", "purple otter \xff reads",
			"purple\u0085otter reads"},
		"too_common": {
			"password1234", "Password1234!", "P@ssw0rd1234", "p4$$w0rd!2024", "passwordpassword", "mypassword12", "123456789012", "1234567890123456",
			"098765432109", "abcdefghijkl", "ABCDEFGHIJKLMNOP", "zyxwvutsrqponm", "qwertyuiop123", "qwertyuiopasdf", "1qaz2wsx3edc", "1q2w3e4r5t6y",
			"poiuytrewqlkj", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "x7Kpx7Kpx7Kp", "hunter2hunter2", "vokixaRvokixaR",
			"abbabaabbaababba", "111122223333", "aaaaaabbbbbb",
			"letmeinletmein", "iloveyou1234", "welcome12345", "Administrator", "administrator1", "adminadmin123", "changeme1234", "trustno1trustno1",
			"football2024!", "SuperSecret12", "masthead12345", "newsroom-2026", "Editor!Editor!", "correct horse battery staple",
			"CorrectHorseBatteryStaple", "wordpressadmin", "йцукенгшщзхъ", "абвгдежзийкл", "пароль123456", "contraseña123", "passw0rd!!!!!!",
			"NoraLindqvist", "nora.lindqvist", "N0raL1ndqv1st!", "lindqvist2026", "Morgenblatt1!", "morgenblatt-nora",
			"Morgenblatt2026", "nora.lindqvist@morgenblatt.example", "lindqvistlindqvist", "passwordkzvbxrt",
		},
	} {
		for _, password := range passwords {
			err := CheckPassword(password, about...)
			var weak *WeakPassword
			if !errors.As(err, &weak) || weak.Code != code {
				t.Errorf("%q: %v, want %s", password, err, code)
				continue
			}
			if weak.Detail == "" || !strings.HasSuffix(weak.Error(), ".") || len(password) > 5 && strings.Contains(weak.Detail, password) {
				t.Errorf("%q: the sentence is %q", password, weak.Detail)
			}
		}
	}
}

func TestPasswordLengthIsCountedInCharacters(t *testing.T) {
	t.Parallel()
	long := []rune(strings.Repeat("ковш-лиса-ветер ", 17))
	for n, good := range map[int]bool{11: false, 12: true, 256: true, 257: false} {
		if err := CheckPassword(string(long[:n])); (err == nil) != good {
			t.Errorf("%d characters: %v", n, err)
		}
	}
}

func TestWordsAboutSomebodyOnlyCountForThem(t *testing.T) {
	t.Parallel()
	if err := CheckPassword("lindqvist2026"); err != nil {
		t.Errorf("said of nobody: %v", err)
	}
	if err := CheckPassword("lindqvist2026", "", "Nora Lindqvist"); err == nil {
		t.Error("said of Nora Lindqvist: accepted")
	}
	if err := CheckPassword("purple otter reads maps", "", "-", "e", "a@b", "🦊"); err != nil {
		t.Errorf("with little known about her: %v", err)
	}
}

func TestAnyTextIsJudgedWithoutHarm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.String().Draw(t, "password")
		about := rapid.String().Draw(t, "about")
		err := CheckPassword(password, about)
		if err == nil && (utf8.RuneCountInString(password) < 12 || utf8.RuneCountInString(password) > 256) {
			t.Fatalf("%q is accepted", password)
		}
		rest := guess(password, words([]string{about}))
		if n := utf8.RuneCountInString(strings.ToLower(password)); rest.length > n || rest.distinct > rest.length {
			t.Fatalf("%+v of %d characters is left", rest, n)
		}
	})
}

func TestCommonWordsAreInSmallLettersAndOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, word := range commonWords {
		if word == "" || word != strings.ToLower(word) || seen[word] {
			t.Errorf("%q is empty, capital or there twice", word)
		}
		seen[word] = true
	}
	for _, row := range keyRows {
		keys := map[rune]bool{}
		for _, r := range row {
			if keys[r] {
				t.Errorf("%q has %q twice", row, r)
			}
			keys[r] = true
		}
	}
}
