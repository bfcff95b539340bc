package database

import (
	"math/bits"

	"modernc.org/libc"
	codes "modernc.org/sqlite/lib"
)

// texts is where the texts that are bound in a statement lie while it runs: outside Go's memory, one behind the other, each
// with a zero behind it. SQLite reads them there, so that each is copied once and nothing is allocated for it.
type texts struct {
	at   uintptr
	room []byte // all that is there
	used int
}

// keptTexts is how much room is kept for the next statement.
const keptTexts = 1 << 20

// empty makes room for so many bytes, and forgets what was there. It tells whether there is so much memory.
func (t *texts) empty(tls *libc.TLS, size int) bool {
	t.used = 0
	if size <= len(t.room) && len(t.room) <= keptTexts {
		return true
	}
	t.free(tls)
	size = 1 << bits.Len(uint(size))
	if t.at = libc.Xmalloc(tls, codes.Tsize_t(size)); t.at == 0 {
		return false
	}
	t.room = libc.GoBytes(t.at, size)
	return true
}

// put copies a text, for which there is room, and answers where it is.
func (t *texts) put(text string) uintptr {
	at := t.at + uintptr(t.used)
	t.used += copy(t.room[t.used:], text)
	t.room[t.used] = 0
	t.used++
	return at
}

func (t *texts) free(tls *libc.TLS) {
	libc.Xfree(tls, t.at)
	*t = texts{}
}
