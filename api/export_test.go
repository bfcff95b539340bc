package api

import (
	"net/http"

	"github.com/masthead-cms/masthead/internal/cms"
	"github.com/masthead-cms/masthead/internal/front"
)

// Reply has a handler answer a plain request at the connection.
func (s *Server) Reply(h http.Handler, r *front.Request, w *front.Writer) bool {
	request, ok := requestOf(r, string(r.Target))
	if ok {
		s.reply(h, request, w)
	}
	return ok
}

// ProblemStatuses are all words that a problem can carry, with the status each comes with, for tests from outside.
func ProblemStatuses() map[cms.Word]int {
	words := map[cms.Word]int{}
	for word, status := range statuses {
		words[word] = status
	}
	for status, word := range httpWords {
		words[word] = status
	}
	return words
}
