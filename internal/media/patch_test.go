package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
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
		element(0x1941a469, text), element(idTrackName, text), element(idVoid, text),
		element(idDate, text[:8]), element(idCodecName, text)}, nil)
	return map[string][]byte{"a.mp4": film, "a.mp3": sound, "a.wav": wav, "a.webm": webm,
		"a.ogg": asOgg(2, "LOCATION="+whereMade), "a.pdf": toldPDF("")}
}

// toldPDF returns a document that says where it was made, and that its title is Haushalt.
func toldPDF(trailer string) []byte {
	xmp := `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ` +
		`xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights>` + whereMade +
		`</dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>`
	body := "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Metadata 3 0 R >>\nendobj\n" +
		"2 0 obj\n<< /Title 4 0 R /Author (A. Reporter \\(" + whereMade + "\\)) /Creator <" +
		fmt.Sprintf("%x", whereMade) + "> /Trapped /False >>\nendobj\n" +
		"3 0 obj\n<< /Type /Metadata /Subtype /XML /Length 9 >>\nstream\n" + xmp +
		"\nendstream\nendobj\n4 0 obj\n(Haush\\141lt)\nendobj\n"
	return fmt.Appendf(nil, "%sxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R "+
		"/Info 2 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", body, trailer, len(body))
}

// patched returns a file as it is served.
func patched(t *testing.T, b []byte, name string) ([]byte, *Inspection) {
	t.Helper()
	found, err := inspect(t, b, name)
	if err != nil {
		t.Fatal(err)
	}
	served, err := io.ReadAll(Overlay(bytes.NewReader(b), int64(len(b)), found.Patches))
	if err != nil {
		t.Fatal(err)
	}
	return served, found
}

func TestWhatADocumentSaysOfItselfIsReadAndNotServed(t *testing.T) {
	t.Parallel()
	b := toldPDF("")
	served, found := patched(t, b, "a.pdf")
	if w := found.Words; w.Title != "Haushalt" || w.License != whereMade ||
		w.Credit != "A. Reporter ("+whereMade+")" {
		t.Errorf("it says %+v", w)
	}
	for i := range b {
		if b[i] != served[i] && served[i] != ' ' {
			t.Fatalf("byte %d became %q", i, served[i])
		}
	}
	for _, kept := range []string{"/Trapped /False", "/Title 4 0 R", "endstream"} {
		if !bytes.Contains(served, []byte(kept)) {
			t.Errorf("%s is gone", kept)
		}
	}
	if bytes.Contains(served, fmt.Appendf(nil, "%x", whereMade)) {
		t.Error("what is in hexadecimal is served")
	}
	// Far into a file, at any place of a window.
	for pad := longWindow - 260; pad < longWindow; pad += 13 {
		long := bytes.Replace(b, []byte("2 0 obj"), append(bytes.Repeat([]byte{'%', '\n'}, pad/2),
			"2 0 obj"...), 1)
		long = bytes.Replace(long, fmt.Appendf(nil, "\n%d\n", bytes.Index(b, []byte("xref"))),
			fmt.Appendf(nil, "\n%d\n", bytes.Index(long, []byte("xref"))), 1)
		if served, _ := patched(t, long, "a.pdf"); bytes.Contains(served, []byte(whereMade)) {
			t.Errorf("with %d bytes before it, it is served", pad)
		}
	}
	for _, sealed := range []string{"/Encrypt 9 0 R", "/ByteRange [0 1 2 3]"} {
		if served, _ := patched(t, toldPDF(sealed), "a.pdf"); !bytes.Contains(served,
			[]byte(whereMade)) {
			t.Errorf("%s: it was changed", sealed)
		}
	}
}

func TestPagesOfOggHaveTheirChecksums(t *testing.T) {
	t.Parallel()
	if sum := oggChecksum(0, []byte("123456789")); sum != 0x89a1897f { // as the catalogues have it
		t.Errorf("the checksum is %08x", sum)
	}
	cover := strings.Repeat("A", 30_000)
	served, found := patched(t, asOgg(2, "METADATA_BLOCK_PICTURE="+cover, "ARTIST=A. Reporter"),
		"a.ogg")
	if found.Words.Title != "Gespräch" || found.Words.Credit != "A. Reporter" {
		t.Errorf("it says %+v", found.Words)
	}
	at := bytes.Index(served, []byte("OpusTags"))
	head := bytes.LastIndex(served[:at], []byte("OggS"))
	end := at + bytes.Index(served[at:], []byte("OggS"))
	page := bytes.Clone(served[head:end])
	want := binary.LittleEndian.Uint32(page[22:])
	clear(page[22:26])
	if sum := oggChecksum(0, page); sum != want {
		t.Errorf("the page has the checksum %08x, not %08x", want, sum)
	}
	if rest := bytes.Trim(served[at+8:end], "\x00"); len(rest) > 0 {
		t.Errorf("its comments are %q", rest[:min(len(rest), 40)])
	}
	// Those of Vorbis end with a bit, and may go on over many pages.
	vorbis := append([]byte("\x03vorbis\x05\x00\x00\x00Xiph.\x01\x00\x00\x00"),
		"\x0e\x00\x00\x00TITLE=Gespräch\x01"...)
	o := &ogg{source: newSource(bytes.NewReader(nil), 0, 9), packets: [][]byte{[]byte(
		"\x01vorbis")}}
	var list []byte
	for pos := 0; pos < len(vorbis); pos += 10 { // pages of ten bytes
		part := vorbis[pos:min(pos+10, len(vorbis))]
		if err := o.emptyComments(0, make([]byte, 28), []byte{byte(len(part))}, part); err != nil {
			t.Fatal(err)
		}
		last := o.patches[len(o.patches)-1]
		list = append(append(list, last.Bytes...), make([]byte, last.Zeros)...)
		o.patches = nil
	}
	if want := "\x03vorbis\x00\x00\x00\x00\x00\x00\x00\x00\x01"; len(list) != len(vorbis) ||
		strings.TrimRight(string(list), "\x00") != want {
		t.Errorf("the comments of Vorbis are %q", list)
	}
}

func TestFilmsDoNotSayWhenTheyWereMade(t *testing.T) {
	t.Parallel()
	b := asMP4(640, 360, false, 2500)
	for _, name := range []string{"mvhd", "tkhd", "mdhd"} {
		copy(b[bytes.Index(b, []byte(name))+8:], "\xe0\x01\x02\x03\xe0\x01\x02\x04")
	}
	if served, _ := patched(t, b, "a.mp4"); bytes.Contains(served, []byte("\xe0\x01\x02")) {
		t.Error("a film says when it was made")
	}
	entry := append(append(make([]byte, 42), "\x09Pixel 9 X"...), make([]byte, 26)...)
	m := &mp4{source: newSource(bytes.NewReader(append(u32s(0, 1), box("avc1", entry)...)), 94, 9)}
	if err := m.emptyCompressors(&mp4Track{formats: [2]int64{0, 94}}); err != nil ||
		len(m.patches) != 1 || m.patches[0].Offset != 58 || m.patches[0].end() != 90 {
		t.Errorf("the compressor: %+v, %v", m.patches, err)
	}
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
		for _, trace := range []string{whereMade, "Brücke", "Nachrichten", "Stille", "Am Fluss",
			"Gespräch", "Haushalt", "A. Reporter"} {
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
