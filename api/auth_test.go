package api_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/masthead-cms/masthead/api"
	"github.com/masthead-cms/masthead/internal/auth"
	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/corpora"
	"github.com/masthead-cms/masthead/internal/newsroom"
	"github.com/masthead-cms/masthead/internal/testkit"
)

// login begins a sign-in.
func login(k *testkit.Kit, email, password string) *testkit.Call {
	return k.Public("POST", "/v1/auth/login").JSON(map[string]string{"email": email, "password": password})
}

// refresh hands a refresh token in.
func refresh(k *testkit.Kit, token string) *testkit.Response {
	return k.Public("POST", "/v1/auth/refresh").JSON(map[string]string{"refresh_token": token}).Do()
}

// me asks who an access token speaks for.
func me(k *testkit.Kit, token string) *testkit.Response {
	return k.Public("GET", "/v1/auth/me").Header("Authorization", "Bearer "+token).Do()
}

// wantRefused holds an answer to be a 401 that says how to sign in.
func wantRefused(t *testing.T, what string, r *testkit.Response) {
	t.Helper()
	if r.Status != 401 || !strings.HasPrefix(r.Header.Get("WWW-Authenticate"), `Bearer realm="masthead"`) {
		t.Errorf("%s: %d %q %s", what, r.Status, r.Header.Get("WWW-Authenticate"), r.Body)
	}
}

func TestSigningInGivesTokens(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	for _, email := range []string{"editor@example.org", "EDITOR@Example.ORG", " editor@example.org "} {
		r := login(k, email, testkit.Password).Want(200)
		if r.Text("token_type") != "Bearer" || r.Field("expires_in") != float64(600) || len(r.Text("refresh_token")) < 40 {
			t.Errorf("%q: %s", email, r.Body)
		}
		if got := me(k, r.Text("access_token")).Text("email"); got != "editor@example.org" {
			t.Errorf("%q signs in %q", email, got)
		}
	}
	if log := k.Log.String(); strings.Contains(log, testkit.Password) || strings.Contains(log, "eyJ") || strings.Contains(log, "mhr_") {
		t.Error("the log has a password or a token")
	}
}

func TestAWrongPasswordAndAnUnknownAddressLookTheSame(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	answer := func(email, password string) string {
		r := login(k, email, password).Want(401)
		h := r.Header.Clone()
		h.Del("X-Request-Id")
		return fmt.Sprint(h, strings.ReplaceAll(string(r.Body), r.Text("request_id"), ""))
	}
	wrong := answer("editor@example.org", "the-presses-roll-at-ten")
	for _, c := range [][2]string{
		{"nobody@example.org", testkit.Password}, {"nobody@example.org", "x"}, {"editor@example.org", testkit.Password + " "},
		{"editor@example.org", strings.Repeat("x", 256)}, {"no address", "x"}, {"' OR 1=1 --", "x"}, {"", ""},
		{strings.Repeat("x", 254), "x"}, {"editor@example.org", ""},
	} {
		if got := answer(c[0], c[1]); got != wrong {
			t.Errorf("%.40q and %.40q are answered\n%s\nand a wrong password\n%s", c[0], c[1], got, wrong)
		}
	}
}

// failUntilBusy fails to sign in until the caller must wait, and answers after how many times and how long to wait.
func failUntilBusy(t *testing.T, try func() *testkit.Response) (int, time.Duration) {
	t.Helper()
	for n := range 50 {
		r := try()
		if r.Status == 401 {
			continue
		}
		wantProblem(t, r, 429, cms.TooManyRequests, "", "")
		wait, err := strconv.Atoi(r.Header.Get("Retry-After"))
		if err != nil || wait < 1 {
			t.Errorf("Retry-After is %q", r.Header.Get("Retry-After"))
		}
		return n, time.Duration(wait) * time.Second
	}
	t.Fatal("nobody is ever made to wait")
	return 0, 0
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	fails, wait := failUntilBusy(t, func() *testkit.Response { return login(k, "editor@example.org", "wrong").Do() })
	if fails < 3 || fails > 20 {
		t.Errorf("%d guesses were free", fails)
	}
	login(k, "editor@example.org", testkit.Password).Want(429) // even the right one must wait
	for i, address := range []string{"203.0.113.9", "198.51.100.7", "2001:db8::1"} {
		login(k, "editor@example.org", "wrong").Header("X-Forwarded-For", address).Header("X-Real-Ip", address).
			Header("Forwarded", "for="+address).Want(429)
		if i == 0 {
			login(k, "editor@example.org", testkit.Password).From(address).Want(200) // the owner, from elsewhere
		}
	}
	login(k, "author@example.org", testkit.Password).Want(200)
	k.Clock.Move(wait)
	login(k, "editor@example.org", testkit.Password).Want(200)
	again, _ := failUntilBusy(t, func() *testkit.Response { return login(k, "editor@example.org", "wrong").Do() })
	if again != fails {
		t.Errorf("after a success %d guesses were free, before it %d", again, fails)
	}
}

func TestGuessingAtNobodyIsSlowedDownLikeGuessingAtSomebody(t *testing.T) {
	t.Parallel()
	guess := func(email string) (int, time.Duration) {
		k := testkit.New(t)
		return failUntilBusy(t, func() *testkit.Response { return login(k, email, "wrong").Do() })
	}
	somebody, wait := guess("editor@example.org")
	nobody, waitToo := guess("nobody@example.org")
	if somebody != nobody || wait != waitToo {
		t.Errorf("somebody: %d guesses and %s, nobody: %d and %s", somebody, wait, nobody, waitToo)
	}
}

func TestOneAddressCannotTryManyAccounts(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	n := 0
	failUntilBusy(t, func() *testkit.Response { n++; return login(k, fmt.Sprintf("user%d@example.org", n), "wrong").Do() })
	login(k, "editor@example.org", testkit.Password).Want(429)
	login(k, "editor@example.org", testkit.Password).From("203.0.113.9").Want(200)
}

func TestOnlyATrustedProxyIsBelievedAboutTheAddress(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, func(_ *newsroom.Options, o *api.Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	})
	from := func(forwarded, password string) *testkit.Response {
		return login(k, "editor@example.org", password).Header("X-Forwarded-For", forwarded).Do()
	}
	failUntilBusy(t, func() *testkit.Response { return from("203.0.113.9", "wrong") })
	for forwarded, status := range map[string]int{
		"203.0.113.9":               429,
		"198.51.100.1, 203.0.113.9": 429, // what the proxy did not see itself is only the caller's word
		"203.0.113.9, 192.0.2.77":   429, // two proxies
		"198.51.100.7":              200,
	} {
		if r := from(forwarded, testkit.Password); r.Status != status {
			t.Errorf("for %s: %d, want %d", forwarded, r.Status, status)
		}
	}
	login(k, "editor@example.org", testkit.Password).From("203.0.113.9").Header("X-Forwarded-For", "198.51.100.200").Want(429)
}

func TestARefreshTokenIsGoodOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := k.SignIn("editor@example.org")
	k.Clock.Move(time.Minute)
	second := refresh(k, first.Text("refresh_token"))
	if second.Status != 200 || second.Text("refresh_token") == first.Text("refresh_token") || second.Text("access_token") == first.Text("access_token") {
		t.Fatalf("%d %s", second.Status, second.Body)
	}
	other := k.SignIn("editor@example.org")
	for _, pair := range []*testkit.Response{first, second} {
		if r := me(k, pair.Text("access_token")); r.Status != 200 {
			t.Errorf("an access token ends with a refresh: %d", r.Status)
		}
	}
	k.Clock.Move(10 * time.Second)
	wantRefused(t, "a spent token", refresh(k, first.Text("refresh_token")))
	for what, r := range map[string]*testkit.Response{
		"the first access token": me(k, first.Text("access_token")), "the second access token": me(k, second.Text("access_token")),
		"the second refresh token": refresh(k, second.Text("refresh_token")),
	} {
		wantRefused(t, what+" after a spent token came back", r)
	}
	if r := me(k, other.Text("access_token")); r.Status != 200 {
		t.Errorf("another session ended too: %d", r.Status)
	}
}

func TestATokenSpentAMomentAgoGetsTheSamePairAgain(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := k.SignIn("editor@example.org")
	k.Clock.Move(time.Minute)
	second := refresh(k, first.Text("refresh_token"))
	k.Clock.Move(9 * time.Second)
	again := refresh(k, first.Text("refresh_token"))
	if again.Status != 200 || string(again.Body) != string(second.Body) {
		t.Fatalf("after 9 seconds: %d %s, want %s", again.Status, again.Body, second.Body)
	}
	third := refresh(k, again.Text("refresh_token"))
	if third.Status != 200 || third.Text("refresh_token") == second.Text("refresh_token") {
		t.Fatalf("the pair of a lost answer: %d %s", third.Status, third.Body)
	}
	if r := me(k, third.Text("access_token")); r.Status != 200 {
		t.Errorf("and the tokens after it: %d", r.Status)
	}
	k.Clock.Move(time.Second)
	wantRefused(t, "after 10 seconds", refresh(k, first.Text("refresh_token")))
	wantRefused(t, "the tokens after it", me(k, third.Text("access_token")))
}

func TestManyRefreshesAtOnceGetOnePair(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	first := k.SignIn("editor@example.org")
	answers := make([]*testkit.Response, 20)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() { answers[i] = refresh(k, first.Text("refresh_token")) })
	}
	wait.Wait()
	for _, r := range answers {
		if r.Status != 200 || string(r.Body) != string(answers[0].Body) {
			t.Errorf("one of many: %d %s, want %s", r.Status, r.Body, answers[0].Body)
		}
	}
	if r := me(k, answers[0].Text("access_token")); r.Status != 200 {
		t.Errorf("with the pair of all: %d %s", r.Status, r.Body)
	}
}

func TestARefreshTokenRestsThirtyDays(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	early, late := k.SignIn("editor@example.org"), k.SignIn("editor@example.org")
	k.Clock.Move(30*24*time.Hour - time.Second)
	if r := refresh(k, early.Text("refresh_token")); r.Status != 200 {
		t.Errorf("after almost thirty days: %d %s", r.Status, r.Body)
	}
	k.Clock.Move(time.Second)
	wantRefused(t, "after thirty days", refresh(k, late.Text("refresh_token")))
}

func TestNoOtherTextIsARefreshToken(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	pair := k.SignIn("editor@example.org")
	good := pair.Text("refresh_token")
	for _, token := range []string{"", "x", pair.Text("access_token"), good + "x", good[:len(good)-1], strings.ToUpper(good), " " + good, good + "\n", "%", "' OR 1=1 --"} {
		wantRefused(t, token, refresh(k, token))
	}
	if r := refresh(k, good); r.Status != 200 {
		t.Errorf("the good one after all: %d %s", r.Status, r.Body)
	}
}

func TestSigningOutEndsTheSessionAtOnce(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	pair, other := k.SignIn("editor@example.org"), k.SignIn("editor@example.org")
	second := refresh(k, pair.Text("refresh_token"))
	logout := func(token string) {
		t.Helper()
		if r := k.Public("POST", "/v1/auth/logout").JSON(map[string]string{"refresh_token": token}).Want(204); len(r.Body) != 0 {
			t.Errorf("a 204 has a body: %s", r.Body)
		}
	}
	logout(second.Text("refresh_token"))
	wantRefused(t, "the access token", me(k, second.Text("access_token")))
	wantRefused(t, "the first access token", me(k, pair.Text("access_token")))
	wantRefused(t, "the refresh token", refresh(k, second.Text("refresh_token")))
	logout(second.Text("refresh_token")) // once more is no harm
	logout("mhr_nothing")
	if r := me(k, other.Text("access_token")); r.Status != 200 {
		t.Errorf("another session ended too: %d", r.Status)
	}
}

func TestAnAccessTokenLivesTenMinutes(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	token := k.SignIn("editor@example.org").Text("access_token")
	k.Clock.Move(10*time.Minute + 29*time.Second) // two clocks may be apart by half a minute
	if r := me(k, token); r.Status != 200 {
		t.Errorf("within its life: %d %s", r.Status, r.Body)
	}
	k.Clock.Move(2 * time.Second)
	r := me(k, token)
	wantRefused(t, "after its life", r)
	if got := r.Header.Get("WWW-Authenticate"); !strings.Contains(got, `error="invalid_token"`) {
		t.Errorf("WWW-Authenticate is %q", got)
	}
	wantRefused(t, "a change", k.Public("POST", "/v1/articles").Header("Authorization", "Bearer "+token).JSON(`{"title": "x"}`).Do())
}

func TestEveryCallThatNeedsACredentialIsRefusedWithoutAGoodOne(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	before := k.state()
	good := k.Token(cms.Admin)
	forged, err := auth.NewSigner([]byte(strings.Repeat("f", 32)))
	if err != nil {
		t.Fatal(err)
	}
	user := me(k.Kit, good).Text("id")
	forgery, _, err := forged.Issue(user, user, 1, k.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	credentials := []string{
		"", "Bearer", "Bearer ", "Basic " + good, "Token " + good, good, "Bearer x", "Bearer " + good + "x", "Bearer " + forgery, "Bearer mh_x",
		"Bearer " + parts[0] + "." + parts[1] + ".", "Bearer " + parts[0] + "." + parts[1], "Bearer " + good + " " + good, "Bearer \"" + good + "\"",
		"Bearer eyJhbGciOiJub25lIn0." + parts[1] + ".", "Bearer " + parts[1] + "." + parts[1] + "." + parts[2],
	}
	for path, item := range k.Specification().Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.Security != nil {
				continue
			}
			for _, credential := range credentials {
				call := k.Public(method, k.path(path)).Header("Authorization", credential).If("*")
				if operation.RequestBody != nil {
					call.JSON(`{}`)
				}
				withFile(k.Kit, call, method, path)
				wantRefused(t, fmt.Sprintf("%s %s with %.30q", method, path, credential), call.Do())
			}
		}
	}
	if after := k.state(); after != before {
		t.Error("something changed")
	}
}

func TestACredentialDoesNotChangeWhatIsPublic(t *testing.T) {
	t.Parallel()
	k := newScene(t)
	live, _, _ := k.reads()
	for _, target := range live {
		want := string(k.Public("GET", target).Want(200).Body)
		for _, credential := range []string{"Bearer " + k.Token(cms.Admin), "Bearer x", "Basic x", "nonsense"} {
			if got := string(k.Public("GET", target).Header("Authorization", credential).Want(200).Body); got != want {
				t.Errorf("%s with %.20q: %s\nwithout: %s", target, credential, got, want)
			}
		}
	}
}

func TestTokensOfProjectWycheproofAreRefused(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(corpora.Path(t, "hostile-wycheproof-jose"), "testvectors_v1")
	k := testkit.New(t)
	seen := 0
	for _, name := range []string{"json_web_crypto_test.json", "json_web_key_test.json"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			TestGroups []struct {
				Tests []struct {
					ID       int `json:"tcId"`
					JWS, JWE json.RawMessage
				}
			}
		}
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		for _, group := range file.TestGroups {
			for _, test := range group.Tests {
				for _, raw := range []json.RawMessage{test.JWS, test.JWE} {
					token := string(raw)
					if json.Unmarshal(raw, &token); token == "" {
						continue
					}
					seen++
					wantRefused(t, fmt.Sprintf("%s, test %d", name, test.ID), me(k, token))
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d tokens were found", seen)
	}
}

func TestMeTellsWhoIsSignedInAndWhatTheyMayDo(t *testing.T) {
	t.Parallel()
	k := testkit.New(t)
	may := func(r *testkit.Response) map[string]string {
		acts := map[string]string{}
		for _, p := range r.List("permissions") {
			acts[p.(map[string]any)["act"].(string)] = p.(map[string]any)["scope"].(string)
		}
		return acts
	}
	for role, want := range map[cms.Role]map[string]string{
		cms.Contributor: {"articles:revise": "own_drafts", "articles:publish": "", "tags:write": "", "articles:purge": "", "articles:read_drafts": "any"},
		cms.Author:      {"articles:revise": "own", "articles:publish": "own", "tags:write": "any", "tags:revise": "", "articles:purge": ""},
		cms.Editor:      {"articles:revise": "any", "articles:publish": "any", "tags:revise": "any", "articles:purge": ""},
		cms.Admin:       {"articles:purge": "any", "articles:publish": "any"},
	} {
		r := k.As(role, "GET", "/v1/auth/me").Want(200)
		if r.Text("kind") != "user" || r.Text("role") != string(role) || r.Text("email") != string(role)+"@example.org" || r.Text("name") != "The "+string(role) {
			t.Errorf("%s: %s", role, r.Body)
		}
		if names := r.Object(); len(names) != 6 || slices.Contains([]any{names["password_hash"], names["id"]}, any("")) {
			t.Errorf("%s: %s", role, r.Body)
		}
		for act, scope := range want {
			if got := may(r)[act]; got != scope {
				t.Errorf("%s: %s reaches %q, want %q", role, act, got, scope)
			}
		}
	}
}
