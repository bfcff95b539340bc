package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// pieceSize is how much of an upload in pieces a call brings, in bytes.
const pieceSize = 4000

// piecewise is an upload in pieces that goes on from server to server.
type piecewise struct {
	name    string
	content []byte
	at      string // its path; "" until a server has said it
	medium  string // what came of it
}

// killer uploads to servers that are killed.
type killer struct {
	t    *testing.T
	data string

	mu    sync.Mutex
	made  []string // media that were acknowledged
	seeds int
}

// next returns a number that was not used yet.
func (k *killer) next() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.seeds++
	return k.seeds
}

// answerTo makes a call; nil: the server has gone.
func answerTo(t *testing.T, method, url, token string, body []byte, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return nil
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil
	}
	return answer
}

// upload makes media of forms until the server has gone.
func (k *killer) upload(url, token string) {
	for {
		mediaType, body := pictureForm(k.t, picture(k.t, k.next()))
		answer := answerTo(k.t, "POST", url+"/v1/media", token, body, "Content-Type", mediaType)
		if answer == nil {
			return
		}
		var medium struct{ ID string }
		err := json.NewDecoder(answer.Body).Decode(&medium)
		answer.Body.Close()
		if err != nil {
			return
		}
		if answer.StatusCode != 201 {
			k.t.Errorf("an upload: %d", answer.StatusCode)
			return
		}
		k.mu.Lock()
		k.made = append(k.made, medium.ID)
		k.mu.Unlock()
	}
}

// goOn goes on with an upload until it has become a medium, and reports whether it has.
func (p *piecewise) goOn(t *testing.T, url, token string) bool {
	for p.medium == "" {
		if p.at == "" {
			name := base64.StdEncoding.EncodeToString([]byte(p.name))
			answer := answerTo(t, "POST", url+"/v1/media/uploads", token, nil,
				"Upload-Length", strconv.Itoa(len(p.content)), "Upload-Metadata", "title "+name)
			if answer == nil {
				return false
			}
			answer.Body.Close()
			p.at = answer.Header.Get("Location")
		}
		stands := answerTo(t, "HEAD", url+p.at, token, nil)
		if stands == nil {
			return false
		}
		p.medium = stands.Header.Get("Masthead-Medium")
		offset, err := strconv.Atoi(stands.Header.Get("Upload-Offset"))
		if err != nil {
			t.Errorf("an upload that was begun: %d", stands.StatusCode)
			return false
		}
		for p.medium == "" {
			end := min(offset+pieceSize, len(p.content))
			answer := answerTo(t, "PATCH", url+p.at, token, p.content[offset:end], "Content-Type",
				"application/offset+octet-stream", "Upload-Offset", strconv.Itoa(offset))
			if answer == nil {
				return false
			}
			answer.Body.Close()
			if answer.StatusCode != 204 {
				t.Errorf("a piece: %d", answer.StatusCode)
				return false
			}
			offset = end
			p.medium = answer.Header.Get("Masthead-Medium")
		}
	}
	return true
}

// round uploads to a server that is killed after a moment, and returns the upload in pieces that
// goes on in the next.
func (k *killer) round(moment time.Duration, p *piecewise) *piecewise {
	server := startServer(k.t, k.data)
	token := tokenOf(k.t, server.url)
	var uploads sync.WaitGroup
	for range 3 {
		uploads.Go(func() { k.upload(server.url, token) })
	}
	uploads.Go(func() {
		for p.goOn(k.t, server.url, token) {
			p = k.newPiecewise()
		}
	})
	time.Sleep(moment)
	if err := server.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	_ = server.Wait()
	uploads.Wait()
	return p
}

func (k *killer) newPiecewise() *piecewise {
	n := k.next()
	return &piecewise{name: fmt.Sprint("in pieces ", n), content: picture(k.t, n)}
}

// TestAServerKilledAmidUploadsLosesNoFile kills servers while files are uploaded as forms and in
// pieces. What was acknowledged is there, no medium lacks its file, and what is left over is found.
func TestAServerKilledAmidUploadsLosesNoFile(t *testing.T) {
	t.Parallel()
	kills := 12
	if testing.Short() {
		kills = 4
	}
	if n, err := strconv.Atoi(os.Getenv("MEDIA_KILLS")); err == nil {
		kills = n
	}
	k := &killer{t: t, data: t.TempDir()}
	editorOf(t, k.data)
	p := k.newPiecewise()
	for range kills {
		p = k.round(time.Duration(20+rand.IntN(300))*time.Millisecond, p)
	}
	server := startServer(t, k.data)
	token := tokenOf(t, server.url)
	if !p.goOn(t, server.url, token) {
		t.Error("the last upload in pieces does not come to its end")
	}
	for _, id := range append(k.made, p.medium) {
		answer := answerTo(t, "GET", server.url+"/v1/media/"+id+"?view=draft", token, nil)
		if answer == nil || answer.StatusCode != 200 {
			t.Errorf("a medium that was acknowledged is not there: %v", answer)
		}
	}
	wantOneOfEach(t, server.url, token)
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	k.wantNothingLeft()
	t.Logf("%d kills, %d uploads acknowledged", kills, len(k.made))
}

// wantOneOfEach wants no title of an upload in pieces twice.
func wantOneOfEach(t *testing.T, url, token string) {
	t.Helper()
	seen := map[string]bool{}
	next := url + "/v1/media?limit=100"
	for next != "" {
		answer := answerTo(t, "GET", next, token, nil)
		if answer == nil {
			t.Fatal("the server has gone")
		}
		var page struct {
			Data []struct{ Title *string }
			Page struct{ Next *string }
		}
		err := json.NewDecoder(answer.Body).Decode(&page)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, medium := range page.Data {
			if medium.Title != nil && seen[*medium.Title] {
				t.Errorf("there are two of %s", *medium.Title)
			} else if medium.Title != nil {
				seen[*medium.Title] = true
			}
		}
		if next = ""; page.Page.Next != nil {
			next = url + "/v1/media?limit=100&cursor=" + *page.Page.Next
		}
	}
}

// wantNothingLeft wants every medium to have its files, and no other files once those that are left
// over have been collected.
func (k *killer) wantNothingLeft() {
	k.t.Helper()
	reportOf(k.t, k.data, 0, "media", "verify")
	folder := filepath.Join(k.data, "media")
	old := time.Now().Add(-2 * time.Hour)
	for _, file := range mediaFiles(k.t, folder) {
		if err := os.Chtimes(file, old, old); err != nil {
			k.t.Fatal(err)
		}
	}
	collected := reportOf(k.t, k.data, 0, "media", "gc")
	k.t.Logf("collected were %v files and %v parts", collected["files"], collected["parts"])
	left := mediaFiles(k.t, folder)
	wantCount(k.t, reportOf(k.t, k.data, 0, "media", "verify"), "files", len(left))
	for _, file := range mediaFiles(k.t, filepath.Join(k.data, "uploads")) {
		if suffix := filepath.Ext(file); !strings.Contains(".json .part .new", suffix) {
			k.t.Errorf("of an upload is left %s", file)
		}
	}
}

// A server that is killed when the medium is there, and before the upload says so, makes no other
// one of it.
func TestAnUploadInPiecesThatIsFinishedAgainIsTheSameMedium(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	editorOf(t, data)
	server := startServer(t, data)
	token := tokenOf(t, server.url)
	content := picture(t, 1)
	begun := answerTo(t, "POST", server.url+"/v1/media/uploads", token, nil, "Upload-Length",
		strconv.Itoa(len(content)))
	if begun == nil || begun.StatusCode != 201 {
		t.Fatalf("an upload: %v", begun)
	}
	uploads, before := filepath.Join(data, "uploads"), t.TempDir()
	if err := os.CopyFS(before, os.DirFS(uploads)); err != nil {
		t.Fatal(err)
	}
	finish := func() string {
		answer := answerTo(t, "PATCH", server.url+begun.Header.Get("Location"), token, content,
			"Content-Type", "application/offset+octet-stream", "Upload-Offset", "0")
		if answer == nil || answer.StatusCode != 204 {
			t.Fatalf("the last piece: %v", answer)
		}
		return answer.Header.Get("Masthead-Medium")
	}
	first := finish()
	if err := os.RemoveAll(uploads); err != nil {
		t.Fatal(err)
	}
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	if err := os.CopyFS(uploads, os.DirFS(before)); err != nil {
		t.Fatal(err)
	}
	server = startServer(t, data)
	if second := finish(); first == "" || second != first {
		t.Errorf("the medium is %s, and then %s", first, second)
	}
}
