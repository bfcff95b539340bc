package library

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/masthead-cms/masthead/internal/blob"
	"github.com/masthead-cms/masthead/internal/media"
)

const ada = "ada"

// random returns so many random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(b)
	return b
}

func (f *fixture) begin(length int) *Pieces {
	f.t.Helper()
	p, err := f.Begin(ada, "film.mp4", int64(length), "{}")
	if err != nil {
		f.t.Fatal(err)
	}
	return p
}

// append adds to an upload of ada. What comes of it is called medium.
func (f *fixture) append(id string, offset int64, r io.Reader) (*Pieces, *Upload, error) {
	var finished *Upload
	p, err := f.Append(f.t.Context(), id, ada, offset, Body{r, func() {}},
		func(_ *Pieces, u *Upload) (string, error) {
			finished = u
			return "medium", nil
		}, func(error) bool { return false })
	return p, finished, err
}

func (f *fixture) wantOffset(id string, want int64) {
	f.t.Helper()
	p, err := f.Resume(f.t.Context(), id, ada)
	if err != nil || p.Offset != want {
		f.t.Errorf("the upload stands at %+v, %v; want offset %d", p, err, want)
	}
}

func TestAnUploadComesInPieces(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	content := picture(1)
	p := f.begin(len(content))
	for at := 0; at < len(content); at += 100 {
		f.wantOffset(p.ID, int64(at))
		piece := content[at:min(at+100, len(content))]
		now, u, err := f.append(p.ID, int64(at), bytes.NewReader(piece))
		if err != nil {
			t.Fatal(err)
		}
		whole := at+len(piece) == len(content)
		if (u != nil) != whole || (now.Medium != "") != whole {
			t.Errorf("at %d: %+v", at, now)
		}
		if whole && (u.Digest != digest(content) || u.Bytes != int64(len(content))) {
			t.Errorf("the upload is %+v", u)
		}
	}
	f.wantOffset(p.ID, int64(len(content)))
	// Whoever did not hear of the end is told again, and no other medium is made.
	again, u, err := f.append(p.ID, int64(len(content)), strings.NewReader(""))
	if err != nil || u != nil || again.Medium != "medium" {
		t.Errorf("after its end: %+v %v", again, err)
	}
}

func TestAnUploadInPiecesIsKeptLikeAnyOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	content := picture(1)
	p := f.begin(len(content))
	var kept *File
	_, err := f.Append(t.Context(), p.ID, ada, 0, Body{bytes.NewReader(content), func() {}},
		func(_ *Pieces, u *Upload) (id string, err error) {
			kept, err = f.Keep(t.Context(), u)
			return "medium", err
		}, func(error) bool { return false })
	// It is called film.mp4.
	var refusal *media.Refusal
	if !errors.As(err, &refusal) || kept != nil {
		t.Errorf("a picture that is called a film: %v", err)
	}
	if p, err = f.Begin(ada, "a.png", int64(len(content)), "{}"); err != nil {
		t.Fatal(err)
	}
	_, err = f.Append(t.Context(), p.ID, ada, 0, Body{bytes.NewReader(content), func() {}},
		func(_ *Pieces, u *Upload) (id string, err error) {
			kept, err = f.Keep(t.Context(), u)
			return "medium", err
		}, func(error) bool { return false })
	if err != nil || !bytes.Equal(f.read(kept.Key), content) {
		t.Errorf("kept was %+v: %v", kept, err)
	}
}

func TestPiecesForAnotherPlaceChangeNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.begin(10)
	if _, _, err := f.append(p.ID, 0, strings.NewReader("0123")); err != nil {
		t.Fatal(err)
	}
	for _, offset := range []int64{0, 3, 5, 10, -1} {
		_, _, err := f.append(p.ID, offset, strings.NewReader("x"))
		var wrong *OffsetError
		if !errors.As(err, &wrong) || wrong.Offset != 4 {
			t.Errorf("at %d: %v", offset, err)
		}
	}
	if _, _, err := f.append(p.ID, 4, strings.NewReader("4567890")); !errors.Is(err, ErrTooLong) {
		t.Errorf("more than was announced: %v", err)
	}
	f.wantOffset(p.ID, 4)
	_, u, err := f.append(p.ID, 4, strings.NewReader("456789"))
	if err != nil || u.Digest != digest([]byte("0123456789")) {
		t.Errorf("the end: %+v %v", u, err)
	}
}

func TestWhatHasComeIsKeptWhenABodyBreaksOff(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.begin(10)
	gone := errors.New("the caller has gone")
	broken := io.MultiReader(strings.NewReader("0123"), iotest.ErrReader(gone))
	if _, _, err := f.append(p.ID, 0, broken); !errors.Is(err, gone) {
		t.Errorf("broken off: %v", err)
	}
	f.wantOffset(p.ID, 4)
	_, u, err := f.append(p.ID, 4, strings.NewReader("456789"))
	if err != nil || u.Digest != digest([]byte("0123456789")) {
		t.Errorf("the end: %+v %v", u, err)
	}
}

// atByte calls a function when so many bytes have been read.
type atByte struct {
	io.Reader
	left int
	call func()
}

func (a *atByte) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p[:min(len(p), 64<<10)])
	if a.left -= n; a.left <= 0 && a.call != nil {
		a.call()
		a.call = nil
	}
	return n, err
}

// A server that is killed leaves its files as they are at that moment; the next one goes on.
func TestAnUploadGoesOnAfterAServerWasKilled(t *testing.T) {
	t.Parallel()
	const size = 2*checkpoint + 5<<20
	content := random(size)
	f := openFixture(t, t.TempDir(), size)
	p := f.begin(size)
	for kills, offset := 0, int64(0); ; kills++ {
		left := t.TempDir()
		r := &atByte{bytes.NewReader(content[offset:]), checkpoint + 1<<20, func() {
			if err := os.CopyFS(left, os.DirFS(f.data)); err != nil {
				t.Error(err)
			}
		}}
		_, u, err := f.append(p.ID, offset, r)
		if err != nil {
			t.Fatal(err)
		}
		if r.call != nil { // it came to its end before it was killed
			if u.Digest != digest(content) || kills != 2 {
				t.Errorf("the file is another one, after %d kills", kills)
			}
			return
		}
		f = openFixture(t, left, size)
		offset += checkpoint
		f.wantOffset(p.ID, offset)
	}
}

func TestAnUploadIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.begin(10)
	for _, try := range [][2]string{
		{p.ID, "bob"}, {p.ID, ""}, {"", ada}, {"../uploads/" + p.ID, ada},
		{"019cd8c2-5a00-7c3e-8f00-3f9f3c1d2a51", ada}, {strings.ToUpper(p.ID), ada},
	} {
		_, resume := f.Resume(t.Context(), try[0], try[1])
		_, add := f.Append(t.Context(), try[0], try[1], 0, Body{strings.NewReader("x"), nil},
			func(*Pieces, *Upload) (string, error) { return "", nil }, func(error) bool { return false })
		for _, err := range []error{resume, add, f.GiveUp(t.Context(), try[0], try[1])} {
			if !errors.Is(err, ErrNoUpload) {
				t.Errorf("%q: %v", try, err)
			}
		}
	}
	f.wantOffset(p.ID, 0)
	if err := f.GiveUp(t.Context(), p.ID, ada); err != nil {
		t.Error(err)
	}
	if _, err := f.Resume(t.Context(), p.ID, ada); !errors.Is(err, ErrNoUpload) {
		t.Errorf("given up: %v", err)
	}
	f.wantNoUploads()
}

func TestUnfinishedUploadsAreBounded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, length := range []int64{0, -1, maxBytes + 1} {
		_, err := f.Begin(ada, "x", length, "{}")
		var refusal *media.Refusal
		if !errors.As(err, &refusal) {
			t.Errorf("of %d bytes: %v", length, err)
		}
	}
	var last *Pieces
	for range MaxUploadsOf {
		last = f.begin(1)
	}
	_, err := f.Begin(ada, "x", 1, "{}")
	if !errors.Is(err, ErrTooManyUploads) {
		t.Errorf("one more of the same: %v", err)
	}
	// What has ended counts no more.
	if _, _, err := f.append(last.ID, 0, strings.NewReader("x")); err != nil {
		t.Error(err)
	}
	f.begin(1)
	// Nor do many large ones fit, of one or of all.
	for _, who := range []string{"b", "c", "d", "e"} {
		for range maxBytesOf {
			if _, err = f.Begin(who, "x", maxBytes, "{}"); err != nil {
				break
			}
		}
		if _, more := f.Begin(who, "x", 1, "{}"); who == "b" && !errors.Is(more, ErrTooManyUploads) {
			t.Errorf("more bytes of one: %v", more)
		}
	}
	if !errors.Is(err, blob.ErrFull) {
		t.Errorf("more bytes than all may have: %v", err)
	}
}

func TestUploadsThatNobodyGoesOnWithExpire(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	old := f.begin(10)
	f.ahead.Add(int64(PiecesAge - time.Minute))
	young := f.begin(10)
	if _, _, err := f.append(old.ID, 0, strings.NewReader("0123")); err != nil {
		t.Errorf("within its time: %v", err)
	}
	f.ahead.Add(int64(2 * time.Minute))
	if n, err := f.Sweep(t.Context()); n != 0 || err != nil {
		t.Errorf("%d were swept: %v", n, err)
	}
	f.wantOffset(old.ID, 4)
	f.ahead.Add(int64(PiecesAge))
	for _, p := range []*Pieces{old, young} {
		if _, err := f.Resume(t.Context(), p.ID, ada); !errors.Is(err, ErrNoUpload) {
			t.Errorf("expired: %v", err)
		}
	}
	if n, err := f.Sweep(t.Context()); n != 2 || err != nil {
		t.Errorf("%d were swept: %v", n, err)
	}
	f.wantNoUploads()
}

func TestWhoGoesOnEndsTheCallBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.begin(10)
	reader, writer := io.Pipe()
	gone := errors.New("interrupted")
	before := make(chan error)
	go func() {
		_, err := f.Append(t.Context(), p.ID, ada, 0,
			Body{reader, func() { writer.CloseWithError(gone) }},
			func(*Pieces, *Upload) (string, error) { return "", nil }, func(error) bool { return false })
		before <- err
	}()
	if _, err := writer.Write([]byte("0123")); err != nil {
		t.Fatal(err)
	}
	f.wantOffset(p.ID, 4)
	if err := <-before; !errors.Is(err, gone) {
		t.Errorf("the call before: %v", err)
	}
}

func TestAnUploadThatIsBeingFinishedIsLeftAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.begin(4)
	finished := make(chan struct{})
	finishing := make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := f.Append(t.Context(), p.ID, ada, 0,
			Body{strings.NewReader("0123"), func() { t.Error("it was interrupted") }},
			func(*Pieces, *Upload) (string, error) {
				close(finishing)
				<-finished
				return "medium", nil
			}, func(error) bool { return false })
		done <- err
	}()
	<-finishing
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Resume(ctx, p.ID, ada); !errors.Is(err, ErrBusy) {
		t.Errorf("resumed: %v", err)
	}
	close(finished)
	if err := <-done; err != nil {
		t.Error(err)
	}
	f.wantOffset(p.ID, 4)
}

func TestAnUploadThatCannotBeFinishedIsTriedAgainOrGone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p := f.begin(10)
	if _, _, err := f.append(p.ID, 0, strings.NewReader("0123")); err != nil {
		t.Fatal(err)
	}
	away, refused := errors.New("the store is away"), errors.New("refused")
	finish := func(err error) error {
		_, got := f.Append(t.Context(), p.ID, ada, 4, Body{strings.NewReader("456789"), func() {}},
			func(*Pieces, *Upload) (string, error) { return "", err },
			func(err error) bool { return errors.Is(err, refused) })
		return got
	}
	for range 2 {
		if err := finish(away); !errors.Is(err, away) {
			t.Errorf("while the store is away: %v", err)
		}
		f.wantOffset(p.ID, 4)
	}
	if err := finish(refused); !errors.Is(err, refused) {
		t.Errorf("refused: %v", err)
	}
	if _, err := f.Resume(t.Context(), p.ID, ada); !errors.Is(err, ErrNoUpload) {
		t.Errorf("after it was refused: %v", err)
	}
	f.wantNoUploads()
}

func TestServersThatShareUploadsSeeWhatOthersDo(t *testing.T) {
	t.Parallel()
	content := picture(1)
	half := len(content) / 2
	for name, test := range map[string]struct {
		other func(f *fixture, id string) error // what the other server does amid an append
		err   error
		at    int64 // where it stands then
	}{
		"deletes": {func(f *fixture, id string) error {
			return f.GiveUp(t.Context(), id, ada)
		}, ErrNoUpload, 0},
		"finishes": {func(f *fixture, id string) error {
			_, _, err := f.append(id, 0, bytes.NewReader(content))
			return err
		}, &OffsetError{}, int64(len(content))},
	} {
		one := newFixture(t)
		other := openFixture(t, one.data, maxBytes)
		p := one.begin(len(content))
		var failed error
		body := io.MultiReader(bytes.NewReader(content[:half]), readerFunc(func([]byte) (int, error) {
			failed = test.other(other, p.ID)
			return 0, io.EOF
		}))
		_, _, err := one.append(p.ID, 0, body)
		var offset *OffsetError
		if failed != nil || !errors.Is(err, test.err) && !errors.As(err, &offset) ||
			offset != nil && offset.Offset != test.at {
			t.Errorf("%s: %v, %v", name, err, failed)
		}
		if now, err := one.Resume(t.Context(), p.ID, ada); test.at > 0 &&
			(err != nil || now.Medium != "medium" || now.Offset != test.at) ||
			test.at == 0 && !errors.Is(err, ErrNoUpload) {
			t.Errorf("%s: it stands at %+v, %v", name, now, err)
		}
		// The last bytes that come too late make no second medium.
		if _, u, err := one.append(p.ID, int64(half), bytes.NewReader(content[half:])); u != nil ||
			!errors.Is(err, ErrNoUpload) && !errors.As(err, &offset) {
			t.Errorf("%s: the rest: %v, %v", name, u, err)
		}
	}
}

// readerFunc is a reader by a function.
type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
