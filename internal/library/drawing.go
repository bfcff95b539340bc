package library

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"sync"

	"github.com/masthead-cms/masthead/internal/media"
)

// turnLength is how many renditions of a picture are made before others have their turn.
const turnLength = 8

// drawings are the pictures that renditions are being made of. Opening a picture takes as long as
// drawing a small one of it, so all that is asked for while it waits for its turn is drawn when it
// is open.
type drawings struct {
	mu    sync.Mutex
	byKey map[string]*drawing
}

// drawing is what is to be made of one picture.
type drawing struct{ wanted []*wanted }

// wanted is a rendition that is not there yet.
type wanted struct {
	id   string
	spec media.Spec
	done chan struct{} // closed when it is made, or failed
	made *finished
	err  error
}

// want returns the rendition that is to be made, and begins with it unless it has begun. If it was
// made since the caller looked for it, that one is returned.
func (l *Library) want(key, id string, spec media.Spec) (*wanted, *Rendition) {
	l.drawings.mu.Lock()
	defer l.drawings.mu.Unlock()
	d := l.drawings.byKey[key]
	if d != nil {
		for _, w := range d.wanted {
			if w.id == id {
				return w, nil
			}
		}
	}
	if r := l.kept(id); r != nil {
		return nil, r
	}
	w := &wanted{id: id, spec: spec, done: make(chan struct{})}
	if d == nil {
		d = &drawing{}
		l.drawings.byKey[key] = d
		l.rendering.Go(func() { l.draw(key, d) })
	}
	d.wanted = append(d.wanted, w)
	return w, nil
}

// kept opens a rendition that is kept, or returns nil.
func (l *Library) kept(id string) *Rendition {
	if l.renditions == nil {
		return nil
	}
	return l.renditions.open(id, l.clock())
}

// draw makes what is wanted of a picture, until nothing is.
func (l *Library) draw(key string, d *drawing) {
	for ended := false; !ended; {
		ended = l.endTurn(key, d, l.turn(key, d))
	}
}

// turn opens a picture and makes some of what is wanted of it, the smallest first.
func (l *Library) turn(key string, d *drawing) error {
	ctx, cancel := context.WithTimeout(l.life, renderTime)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	open := func(ctx context.Context) (io.ReadCloser, error) { return l.Open(ctx, key) }
	return l.inspector.WithPicture(ctx, open, func(p *media.Picture) {
		for range turnLength {
			w := l.smallest(d)
			if w == nil || ctx.Err() != nil {
				return
			}
			w.made, w.err = l.render(p, w)
			l.finish(d, w)
		}
	})
}

// smallest returns the smallest of what is wanted, or nil.
func (l *Library) smallest(d *drawing) *wanted {
	l.drawings.mu.Lock()
	defer l.drawings.mu.Unlock()
	if len(d.wanted) == 0 {
		return nil
	}
	width := func(w *wanted) int { return cmp.Or(w.spec.Width, 1<<30) } // 0 is as wide as it is
	return slices.MinFunc(d.wanted, func(a, b *wanted) int {
		return cmp.Compare(width(a), width(b))
	})
}

// finish lets those go on who wait for a rendition.
func (l *Library) finish(d *drawing, w *wanted) {
	l.drawings.mu.Lock()
	defer l.drawings.mu.Unlock()
	d.wanted = slices.DeleteFunc(d.wanted, func(other *wanted) bool { return other == w })
	close(w.done)
}

// endTurn reports whether nothing more is wanted of a picture. If it cannot be opened, nothing is.
func (l *Library) endTurn(key string, d *drawing, err error) bool {
	l.drawings.mu.Lock()
	defer l.drawings.mu.Unlock()
	if err != nil {
		for _, w := range d.wanted {
			w.err = err
			close(w.done)
		}
		d.wanted = nil
	}
	if len(d.wanted) > 0 {
		return false
	}
	delete(l.drawings.byKey, key)
	return true
}

// render makes a rendition and keeps it. One that cannot be kept is returned all the same.
func (l *Library) render(p *media.Picture, w *wanted) (*finished, error) {
	b, mimeType, err := p.Render(w.spec)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	f := &finished{mimeType: mimeType, digest: hex.EncodeToString(sum[:16]), bytes: b}
	if l.renditions != nil {
		if err := l.renditions.keep(w.id, f, l.clock()); err != nil {
			l.renditions.failed(err)
		}
	}
	return f, nil
}
