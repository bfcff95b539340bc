package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// editor is somebody at work on one of our servers.
type editor struct {
	server *server
	token  string
	writer *writer
	made   atomic.Int64
}

func openEditor(s *server) (*editor, error) {
	token, err := s.signIn(
		"/v1/auth/login",
		"access_token",
		map[string]string{"email": staff, "password": password},
	)
	return &editor{server: s, token: token, writer: newWriter(small)}, err
}

// publish writes an article and publishes it.
func (e *editor) publish() error {
	p := e.writer.piece(int(e.made.Add(1)))
	p.ID = ""
	p.At = ""
	p.Links = nil
	p.Slug = ""
	p.Parts = nil
	p.People = nil
	for i, name := range p.Tags {
		p.Tags[i] = strings.ReplaceAll(strings.ToLower(name), " ", "-")
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	var made struct{ ID string }
	if err := e.call("/v1/articles", body, http.StatusCreated, &made); err != nil {
		return err
	}
	return e.call("/v1/articles/"+made.ID+"/publish", nil, http.StatusOK, &made)
}

// frontSlots is how many collections the front shows.
const frontSlots = 12

// makeFront makes a front of collections, each filled by a rule.
func (e *editor) makeFront() error {
	slots := make([]map[string]any, frontSlots)
	for i := range slots {
		slug := fmt.Sprintf("part-%d", i)
		rule := fmt.Sprintf(`{"filter":"sections:%s"}`, slug)
		body := fmt.Appendf(nil, `{"name":%q,"size":10,"rule":%s}`, slug, rule)
		var made struct{ ID string }
		if err := e.call("/v1/collections", body, http.StatusCreated, &made); err != nil {
			return err
		}
		slots[i] = map[string]any{"collection": made.ID, "limit": 5}
	}
	body, err := json.Marshal(map[string]any{"name": "Home", "slots": slots})
	if err != nil {
		return err
	}
	return e.call("/v1/fronts", body, http.StatusCreated, &struct{}{})
}

// call makes a change and reads what came of it.
func (e *editor) call(path string, body []byte, status int, answer any) error {
	return e.send(path, "application/json", body, status, answer)
}

// send is call with a body of another media type.
func (e *editor) send(path, mediaType string, body []byte, status int, answer any) error {
	r, err := http.NewRequest("POST", "http://"+e.server.addr+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+e.token)
	r.Header.Set("If-Match", "*")
	r.Header.Set("Content-Type", mediaType)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode != status {
		err = fmt.Errorf("POST %s: %s: %s", path, got.Status, text)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// drafts are calls that each write a draft of 5 KB with three tags: the same words under another
// title.
func drafts(target, token string, tags []string, status int) func() request {
	p := newWriter(small).piece(0)
	var count atomic.Int64
	body, _ := json.Marshal(p.Body) // a text can always be written
	names, _ := json.Marshal(tags)
	rest := fmt.Sprintf(
		`"type":"news","locale":"en","byline":%q,"summary":%q,"body":%s,"tags":%s}`,
		p.Byline,
		p.Summary,
		body,
		names,
	)
	return func() request {
		n := count.Add(1)
		return post(
			target,
			token,
			status,
			fmt.Appendf(nil, `{"title":"%s %d","slug":"draft-%d",%s`, p.Title, n, n, rest),
		)
	}
}
