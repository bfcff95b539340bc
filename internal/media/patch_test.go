package media

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
	"testing/iotest"
)

const whereMade = "+46.9480+007.4474/"

// told are files that say where they were made, in each way that there is.
func told(t *testing.T) map[string][]byte {
	text := []byte(whereMade)
	film := asMP4(640, 360, false, 2500)
	// The film's moov box gets more boxes at its end.
	at := bytes.Index(film, []byte("moov")) - 4
	end := at + int(binary.BigEndian.Uint32(film[at:]))
	samples := u32s(uint32(len(film)+8), 0) // replaced below
	more := func() []byte {
		return bytes.Join([][]byte{box("udta", box("\xa9xyz", text)), box("meta", text),
			box("uuid", text), box("gps ", text),
			box("trak", box("mdia", box("hdlr", u32s(0, 0), []byte("meta"), u32s(0, 0, 0), text),
				box("minf", box("stbl", box("stsz", u32s(0, uint32(len(text)), 1)),
					box("stsc", u32s(0, 1, 1, 1, 1)), box("stco", u32s(0, 1), samples[:4])))))}, nil)
	}
	size := len(film) + len(more())
	samples = u32s(uint32(size + 8))
	inner := append(bytes.Clone(film[at+8:end]), more()...)
	film = bytes.Join([][]byte{film[:at], box("moov", inner), film[end:], box("mdat", text),
		box("free", text), box("uuid", text)}, nil)
	ape := append([]byte("APETAGEX\xd0\x07\x00\x00"),
		binary.LittleEndian.AppendUint32(nil, uint32(32+len(text)))...)
	ape = append(ape, make([]byte, 16)...)
	sound := bytes.Join([][]byte{asMP3(100), text, ape, []byte("TAG"), text,
		make([]byte, 125-len(text))}, nil)
	sound = append([]byte{'I', 'D', '3', 3, 0, 0, 0, 0, 0, byte(len(text))}, append(text,
		sound...)...)
	wav := asWAV(2)
	part := append([]byte("iXML\x12\x00\x00\x00"), text...)
	wav = append(wav, part...)
	binary.LittleEndian.PutUint32(wav[4:], uint32(len(wav)-8))
	webm := bytes.Join([][]byte{asWebM("webm"), element(0x1254c367, text),
		element(0x1941a469, text), element(idTrackName, text), element(idVoid, text)}, nil)
	return map[string][]byte{"a.mp4": film, "a.mp3": sound, "a.wav": wav, "a.webm": webm}
}

func TestWhatSoundAndFilmsSayOfThemselvesIsNotServed(t *testing.T) {
	t.Parallel()
	for name, b := range told(t) {
		found, err := inspect(t, b, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := Overlay(bytes.NewReader(b), int64(len(b)), found.Patches)
		served, err := io.ReadAll(r)
		if err != nil || len(served) != len(b) {
			t.Fatalf("%s: %d bytes of %d, %v", name, len(served), len(b), err)
		}
		for _, trace := range []string{whereMade, "Brücke", "Nachrichten", "Stille", "Am Fluss"} {
			if bytes.Contains(served, []byte(trace)) {
				t.Errorf("%s: what is served contains %q", name, trace)
			}
		}
		again, err := inspect(t, served, name)
		if err != nil || again.Duration != found.Duration || again.Width != found.Width {
			t.Errorf("%s: what is served is %+v, %v", name, again, err)
		}
		if found.Words.Title == "" || again != nil && again.Words.Title != "" {
			t.Errorf("%s: the title %q became %+v", name, found.Words.Title, again)
		}
		// In whichever pieces it is read, it is the same.
		r.Seek(0, io.SeekStart)
		if err := iotest.TestReader(r, served); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
