package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// samples are one file of each format that can be made here, by name.
func samples(t testing.TB) map[string][]byte {
	return map[string][]byte{
		"a.jpg":  asJPEG(t, photo(300, 200)),
		"a.png":  asPNG(t, photo(300, 200)),
		"a.gif":  asGIF(t, 60, 40, 1),
		"b.gif":  asGIF(t, 60, 40, 5),
		"a.mp4":  asMP4(640, 360, false, 2500),
		"a.m4a":  asMP4(0, 0, false, 61_000),
		"a.webm": asWebM("webm"),
		"a.mp3":  asMP3(100),
		"a.wav":  asWAV(2),
		"a.opus": asOgg(8),
		"a.pdf":  asPDF(),
	}
}

// decoded decodes what is served of a picture.
func decoded(t testing.TB, found *Inspection) image.Image {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(found.Served))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// near reports whether two colours differ by at most so much in each channel.
func near(a, b color.Color, most int) bool {
	p := color.NRGBAModel.Convert(a).(color.NRGBA)
	q := color.NRGBAModel.Convert(b).(color.NRGBA)
	for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B),
		int(p.A) - int(q.A)} {
		if d > most || -d > most {
			return false
		}
	}
	return true
}

func TestWhatIsInAFileIsFoundOut(t *testing.T) {
	t.Parallel()
	type facts struct {
		Kind          Kind
		Type, Ext     string
		Width, Height int
		Duration      time.Duration
		Served        string
		Title         string
	}
	want := map[string]facts{
		"a.jpg":  {Image, "image/jpeg", ".jpg", 300, 200, 0, "image/jpeg", ""},
		"a.png":  {Image, "image/png", ".png", 300, 200, 0, "image/jpeg", ""},
		"a.gif":  {Image, "image/gif", ".gif", 60, 40, 0, "image/png", ""},
		"b.gif":  {Image, "image/gif", ".gif", 60, 40, 0, "image/gif", ""},
		"a.mp4":  {Video, "video/mp4", ".mp4", 640, 360, 2500e6, "video/mp4", "Die Brücke"},
		"a.m4a":  {Audio, "audio/mp4", ".m4a", 0, 0, 61e9, "audio/mp4", "Die Brücke"},
		"a.webm": {Video, "video/webm", ".webm", 640, 360, 2500e6, "video/webm", "Am Fluss"},
		"a.mp3":  {Audio, "audio/mpeg", ".mp3", 0, 0, 2612e6, "audio/mpeg", "Nachrichten"},
		"a.wav":  {Audio, "audio/wav", ".wav", 0, 0, 2e9, "audio/wav", "Stille"},
		"a.opus": {Audio, "audio/ogg", ".ogg", 0, 0, 8e9, "audio/ogg", "Gespräch"},
		"a.pdf":  {Document, "application/pdf", ".pdf", 0, 0, 0, "application/pdf", ""},
	}
	for name, b := range samples(t) {
		found, err := inspect(t, b, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := facts{found.Kind, found.MIMEType, found.Extension, found.Width, found.Height,
			found.Duration.Round(time.Millisecond), found.ServedType, found.Words.Title}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFilesThatAreCutOffAreRefused(t *testing.T) {
	t.Parallel()
	for name, b := range samples(t) {
		for eighth := range 8 {
			if found, err := inspect(t, b[:len(b)*eighth/8], name); err == nil {
				t.Errorf("%s: %d eighths of it are taken as %s", name, eighth, found.MIMEType)
			}
		}
	}
}

func TestFilesThatAreTwoThingsAreRefused(t *testing.T) {
	t.Parallel()
	all := samples(t)
	zip := append([]byte("PK\x03\x04 and so on PK\x05\x06"), make([]byte, 18)...)
	page := []byte("<html><body>Good day</body></html>")
	script := []byte("*/=1;alert(document.domain)//")
	tests := map[string][]byte{
		"page.jpg":    append(bytes.Clone(all["a.jpg"]), page...),
		"notes.jpg":   append(bytes.Clone(all["a.jpg"]), "something else"...),
		"note.gif":    append(bytes.Clone(all["b.gif"]), script...),
		"script.gif":  append([]byte("GIF89a/*"), script...),
		"note.png":    append(bytes.Clone(all["a.png"]), "something else"...),
		"php.jpg":     withSegments(all["a.jpg"], segment(0xfe, []byte("<?PHP system($_GET[0]);"))),
		"page.png":    withChunk(all["a.png"], "tEXt", []byte("Comment\x00<sCript>alert(1)")),
		"pdf.jpg":     withSegments(all["a.jpg"], segment(0xfe, []byte("%PDF-1.4"))),
		"segment.jpg": withSegments(all["a.jpg"], segment(0xfe, zip)),
		"page.pdf":    append(bytes.Clone(all["a.pdf"]), page...),
		"page.mp4":    append(bytes.Clone(all["a.mp4"]), page...),
		"page.wav":    append(bytes.Clone(all["a.wav"]), page...),
		"page.opus":   append(bytes.Clone(all["a.opus"]), page...),
		"launch.pdf": bytes.Replace(all["a.pdf"], []byte("/Type /Catalog"),
			[]byte("/S /Launch    "), 1),
	}
	for name, b := range all {
		tests["zip"+name] = append(bytes.Clone(b), zip...)
	}
	for name, b := range tests {
		mustRefuse(t, b, name, Broken)
	}
}

// Cameras put previews, maps of brightness, notes and padding behind a picture.
func TestWhatCamerasAppendIsTaken(t *testing.T) {
	t.Parallel()
	b := asJPEG(t, photo(60, 40))
	several := withSegments(b, segment(0xe2, []byte("MPF\x00MM\x00*")))
	for name, b := range map[string][]byte{
		"padded.jpg":  append(bytes.Clone(b), make([]byte, 3000)...),
		"preview.jpg": append(append(several, 0, 0, 0), b...),
		"samsung.jpg": append(bytes.Clone(b), "\x00\x00\x01\x0a notes SEFH and SEFT"...),
	} {
		if _, err := inspect(t, b, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesMustFitTheBytes(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for name, from := range map[string]string{"a.png": "a.jpg", "a.jpg": "a.png", "a.exe": "a.gif",
		"a.html": "a.pdf", "a.mp3": "a.wav", "photo.jpg.php": "a.jpg"} {
		mustRefuse(t, all[from], name, Broken)
	}
	for _, name := range []string{"", "photo", "PHOTO.JPG", "a b.jpeg", ".", "version.2.jpg"} {
		if _, err := inspect(t, all["a.jpg"], name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestOtherKindsAreRefusedWithAdvice(t *testing.T) {
	t.Parallel()
	ftyp := func(brand string) []byte { return box("ftyp", []byte(brand+"\x00\x00\x00\x00")) }
	for advice, b := range map[string][]byte{
		"HEIC pictures are not taken: export it as JPEG": ftyp("heic"),
		"AVIF pictures are not taken: export it as JPEG": ftyp("avif"),
		"SVG pictures are not taken":                     []byte(" <?xml version='1.0'?><svg/>"),
		"export it as PNG.":                              []byte("<svg xmlns='x'></svg>"),
		"TIFF pictures":                                  []byte("II*\x00 and more"),
		"QuickTime films are not taken: export it as":    ftyp("qt  "),
		"FLAC sound is not taken: export it as MP3":      []byte("fLaC and more"),
		"save a document as PDF":                         []byte("PK\x03\x04 a document"),
		"a web page":                                     []byte("<!DOCTYPE html><p>Good day"),
		"Matroska films that are not WebM":               asWebM("matroska"),
		"pictures, MP3, M4A, Ogg and WAV":                []byte("Dear editors, ..."),
	} {
		refusal := mustRefuse(t, b, "", Unsupported)
		if !strings.Contains(refusal.Sentence, advice) {
			t.Errorf("%q does not say %q", refusal.Sentence, advice)
		}
	}
	mustRefuse(t, nil, "", Broken)
}

func TestPicturesThatAreTooLargeAreRefusedBeforeTheyAreDecoded(t *testing.T) {
	sized := func(w, h uint32) []byte {
		head := append(u32s(w, h), 8, 6, 0, 0, 0)
		return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head),
			chunk("IDAT", deflate(make([]byte, 100))), chunk("IEND", nil)}, nil)
	}
	frame := func(marker byte, w, h uint16) []byte {
		b := binary.BigEndian.AppendUint16([]byte{8}, h)
		b = append(binary.BigEndian.AppendUint16(b, w), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
		return bytes.Join([][]byte{{0xff, 0xd8}, segment(marker, b),
			segment(0xda, make([]byte, 10)), {0xff, 0xd9}}, nil)
	}
	many := asGIF(t, 20, 10, 301)
	scans := bytes.Join([][]byte{{0xff, 0xd8}, bytes.Repeat(segment(0xda, make([]byte, 10)), 101),
		{0xff, 0xd9}}, nil)
	for name, b := range map[string][]byte{
		"area.png": sized(12_000, 8000), "side.png": sized(20_000, 10),
		"area.jpg": frame(0xc0, 10_000, 9000), "side.jpg": frame(0xc0, 60_000, 60),
		"progressive.jpg": frame(0xc2, 7000, 7000), "frames.gif": many, "scans.jpg": scans,
	} {
		before := allocated()
		refusal := mustRefuse(t, b, name, TooLarge)
		if after := allocated(); after-before > 64<<20 {
			t.Errorf("%s: %d MiB were allocated", name, (after-before)>>20)
		}
		t.Log(refusal)
	}
	mustRefuse(t, sized(1<<31, 5), "broken.png", Broken)
	big := New(Options{PictureBytes: 1000})
	b := asJPEG(t, photo(100, 100))
	_, err := big.Inspect(t.Context(), bytes.NewReader(b), int64(len(b)), "")
	if refusal, ok := err.(*Refusal); !ok || refusal.Code != TooLarge {
		t.Errorf("a file of too many bytes: %v", err)
	}
}

// Metadata that unpack to gigabytes are left unread.
func TestMetadataThatBurstAreLeftUnread(t *testing.T) {
	b := asPNG(t, quarters(20, 20))
	bomb := deflate(make([]byte, 200<<20))
	for name, body := range map[string][]byte{
		"iCCP": append([]byte("x\x00\x00"), bomb...),
		"zTXt": append([]byte("Raw profile type iptc\x00\x00"), bomb...),
		"iTXt": append([]byte("XML:com.adobe.xmp\x00\x01\x00\x00\x00"), bomb...),
	} {
		before := allocated()
		if _, err := inspect(t, withChunk(b, name, body), ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if after := allocated(); after-before > 64<<20 {
			t.Errorf("%s: %d MiB were allocated", name, (after-before)>>20)
		}
	}
}

func TestPicturesAreTurnedUpright(t *testing.T) {
	t.Parallel()
	red, green := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}
	blue, white := color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 255, 255}
	// The colours above left, above right, below left and below right.
	want := [][4]color.RGBA{
		1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {white, blue, green, red},
		4: {blue, white, red, green}, 5: {red, blue, green, white}, 6: {blue, red, white, green},
		7: {white, green, blue, red}, 8: {green, white, red, blue},
	}
	for orientation := 1; orientation <= 8; orientation++ {
		exif := exifOf([]exifEntry{{tag: tagOrientation, short: uint16(orientation)}}, nil)
		for name, b := range map[string][]byte{
			"jpg": withSegments(asJPEG(t, quarters(80, 48)),
				segment(0xe1, []byte("Exif\x00\x00"), exif)),
			"png": withChunk(asPNG(t, quarters(80, 48)), "eXIf", exif),
		} {
			found, err := inspect(t, b, "")
			if err != nil {
				t.Fatal(err)
			}
			w, h := 80, 48
			if orientation >= 5 {
				w, h = h, w
			}
			if found.Width != w || found.Height != h {
				t.Errorf("%s %d: %d × %d", name, orientation, found.Width, found.Height)
			}
			img := decoded(t, found)
			for i, at := range []image.Point{{8, 8}, {w - 8, 8}, {8, h - 8}, {w - 8, h - 8}} {
				if got := img.At(at.X, at.Y); !near(got, want[orientation][i], 8) {
					t.Errorf("%s %d: %v at %v, not %v", name, orientation, got, at,
						want[orientation][i])
				}
			}
		}
	}
}

func TestColoursStayRight(t *testing.T) {
	t.Parallel()
	profile := adobeRGB()
	for _, c := range []color.RGBA{{100, 150, 200, 255}, {180, 60, 90, 255}, {230, 220, 90, 255},
		{255, 255, 255, 255}} {
		img := image.NewRGBA(image.Rect(0, 0, 64, 64))
		draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
		for name, b := range map[string][]byte{
			"jpg": withSegments(asJPEG(t, img), segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"),
				profile)),
			"png": withChunk(asPNG(t, img), "iCCP",
				append([]byte("Adobe RGB\x00\x00"), deflate(profile)...)),
		} {
			found, err := inspect(t, b, "")
			if err != nil {
				t.Fatal(err)
			}
			got := decoded(t, found).At(30, 30)
			if want := adobeToSRGB(c); !near(got, want, 3) {
				t.Errorf("%s: %v became %v, not %v", name, c, got, want)
			}
		}
	}
}

// adobeToSRGB converts a colour by the matrices of both standards.
func adobeToSRGB(c color.RGBA) color.RGBA {
	linear := func(v uint8) float64 { return math.Pow(float64(v)/255, 563.0/256) }
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	x := 0.57667*r + 0.18556*g + 0.18823*b
	y := 0.29734*r + 0.62736*g + 0.07529*b
	z := 0.02703*r + 0.07069*g + 0.99134*b
	coded := func(v float64) uint8 {
		v = min(max(v, 0), 1)
		if v <= 0.0031308 {
			return uint8(math.Round(255 * 12.92 * v))
		}
		return uint8(math.Round(255 * (1.055*math.Pow(v, 1/2.4) - 0.055)))
	}
	return color.RGBA{
		R: coded(3.24045*x - 1.53714*y - 0.49853*z),
		G: coded(-0.96927*x + 1.87601*y + 0.04156*z),
		B: coded(0.05564*x - 0.20403*y + 1.05723*z),
		A: 255,
	}
}

// A broken profile is not used, and makes nobody allocate what it speaks of.
func TestBrokenProfilesAreNotUsed(t *testing.T) {
	img := quarters(40, 40)
	whole := adobeRGB()
	for i := 0; i+4 < len(whole); i += 4 {
		broken := bytes.Clone(whole)
		copy(broken[i:], "\xff\xff\xff\xf0")
		before := allocated()
		convert, err := profileOf(broken, 3)
		if err == nil {
			convert(&[4]float64{}, &[4]float64{0.3, 0.6, 0.9})
		}
		if after := allocated(); after-before > 64<<20 {
			t.Errorf("at %d: %d MiB were allocated", i, (after-before)>>20)
		}
	}
	for i := range whole {
		if _, err := profileOf(whole[:i], 3); err == nil {
			t.Fatalf("cut at %d: taken", i)
		}
	}
	if got := toSRGB(img, whole[:300]); got != image.Image(img) {
		t.Error("a picture with a broken profile is changed")
	}
}

func TestWhatAPictureSaysIsReadAndNotServed(t *testing.T) {
	t.Parallel()
	exif := exifOf([]exifEntry{{tag: 0x010e, text: "from EXIF"}, {tag: 0x010f, text: "CameraMaker"},
		{tag: 0x013b, text: "Erika Muster"}, {tag: 0x8298, text: "© Muster"}},
		[]exifEntry{{tag: tagTaken, text: "2024:05:06 07:08:09"}, {tag: tagOffset, text: "+02:00"}})
	iptc := photoshopOf(iptcSet(1, 90, "\x1b%G"), iptcSet(2, 5, "Brücke"),
		iptcSet(2, 80, "E. Muster"), iptcSet(2, 110, "Agentur"), iptcSet(2, 120, "from IPTC"))
	packet := `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="` + nsRDF + `">
<rdf:Description xmlns:photoshop="` + nsPhotoshop + `" photoshop:Source="https://example.org/a"
 xmlns:dc="` + nsDC + `" xmlns:c="` + nsCore + `" xmlns:e="` + nsExt + `" xmlns:r="` + nsRights + `">
<dc:description><rdf:Alt><rdf:li xml:lang="de">auf Deutsch</rdf:li>
<rdf:li xml:lang="x-default">from XMP</rdf:li></rdf:Alt></dc:description>
<c:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A bridge</rdf:li></rdf:Alt>
</c:AltTextAccessibility>
<e:PersonInImage><rdf:Bag><rdf:li>Ada L.</rdf:li><rdf:li>Ada L.</rdf:li><rdf:li>Bo K.</rdf:li>
</rdf:Bag></e:PersonInImage><r:UsageTerms><rdf:Alt><rdf:li>CC BY 4.0</rdf:li></rdf:Alt>
</r:UsageTerms></rdf:Description></rdf:RDF></x:xmpmeta>`
	exifSegment := segment(0xe1, []byte("Exif\x00\x00"), exif)
	iptcSegment := segment(0xed, iptc)
	xmpSegment := segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"), []byte(packet))
	plain := asJPEG(t, photo(60, 40))
	taken := time.Date(2024, 5, 6, 5, 8, 9, 0, time.UTC)
	for name, test := range map[string]struct {
		b    []byte
		want Words
	}{
		"EXIF": {withSegments(plain, exifSegment), Words{Caption: "from EXIF",
			Credit: "Erika Muster", License: "© Muster", TakenAt: taken}},
		"IPTC": {withSegments(plain, exifSegment, iptcSegment), Words{Title: "Brücke",
			Caption: "from IPTC", Credit: "E. Muster / Agentur", License: "© Muster",
			TakenAt: taken}},
		"XMP": {withSegments(plain, exifSegment, iptcSegment, xmpSegment), Words{Title: "Brücke",
			Alt: "A bridge", Caption: "from XMP", Credit: "E. Muster / Agentur",
			License: "CC BY 4.0", SourceURL: "https://example.org/a",
			People: []string{"Ada L.", "Bo K."}, TakenAt: taken}},
		"PNG": {withChunk(asPNG(t, photo(60, 40)), "iTXt",
			append([]byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), packet...)), Words{
			Alt: "A bridge", Caption: "from XMP", License: "CC BY 4.0",
			SourceURL: "https://example.org/a", People: []string{"Ada L.", "Bo K."}}},
	} {
		found, err := inspect(t, test.b, "")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, found.Words); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, trace := range []string{"Exif", "CameraMaker", "Muster", "adobe", "8BIM"} {
			if bytes.Contains(found.Served, []byte(trace)) {
				t.Errorf("%s: what is served contains %q", name, trace)
			}
		}
	}
}

func TestTheServedPictureFitsThePicture(t *testing.T) {
	t.Parallel()
	clear := image.NewNRGBA(image.Rect(0, 0, 50, 50))
	draw.Draw(clear, image.Rect(10, 10, 40, 40), image.NewUniform(color.NRGBA{200, 0, 0, 128}),
		image.Point{}, draw.Src)
	deep := image.NewNRGBA64(image.Rect(0, 0, 50, 50))
	draw.Draw(deep, deep.Rect, photo(50, 50), image.Point{}, draw.Src)
	tall := image.NewGray(image.Rect(0, 0, 2000, 12_000))
	for name, test := range map[string]struct {
		img  image.Image
		mime string
		w, h int
	}{
		"transparent": {clear, "image/png", 50, 50},
		"few colours": {quarters(90, 90), "image/png", 90, 90},
		"16 bits":     {deep, "image/jpeg", 50, 50},
		"wide":        {photo(3000, 20), "image/jpeg", 2560, 17},
		"tall":        {tall, "image/png", 1291, 7746},
		"a dot":       {image.NewGray(image.Rect(0, 0, 1, 1)), "image/png", 1, 1},
	} {
		found, err := inspect(t, asPNG(t, test.img), "")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if found.ServedType != test.mime || found.Width != test.w || found.Height != test.h {
			t.Errorf("%s: served as %s of %d × %d", name, found.ServedType, found.Width,
				found.Height)
		}
		if name != "wide" && name != "tall" && !near(decoded(t, found).At(0, 0),
			test.img.At(0, 0), 12) {
			t.Errorf("%s: %v became %v", name, test.img.At(0, 0), decoded(t, found).At(0, 0))
		}
	}
}

func TestGIFsThatMoveGoOnMoving(t *testing.T) {
	t.Parallel()
	b := asGIF(t, 60, 40, 5)
	comment := append([]byte{0x21, 0xfe, 6}, "secret\x00"...)
	b = bytes.Join([][]byte{b[:len(b)-1], comment, {0x3b}}, nil)
	found, err := inspect(t, b, "a.gif")
	if err != nil {
		t.Fatal(err)
	}
	all, err := gif.DecodeAll(bytes.NewReader(found.Served))
	if err != nil {
		t.Fatal(err)
	}
	if !found.Animated || len(all.Image) != 5 || all.LoopCount != 3 || all.Delay[4] != 9 {
		t.Errorf("%t, %d frames, %d times, %v", found.Animated, len(all.Image), all.LoopCount,
			all.Delay)
	}
	if bytes.Contains(found.Served, []byte("secret")) {
		t.Error("the comment is served")
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	i := New(Options{Workers: 1})
	if err := i.gate.receives.Acquire(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	defer i.gate.receives.Release(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := asJPEG(t, photo(30, 20))
	if _, err := i.Inspect(ctx, bytes.NewReader(b), int64(len(b)), ""); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	// Renditions do not wait behind pictures that are received.
	if _, _, err := render(t.Context(), i, b, Spec{Width: 160}); err != nil {
		t.Error(err)
	}
}

func TestThumbHashIsTheOneOfTheReference(t *testing.T) {
	t.Parallel()
	ramp := func(w, h int, alpha bool) *image.NRGBA {
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				c := color.NRGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8((x * y) % 256), 255}
				if alpha {
					c.A = uint8((x + y) * 255 / (w + h))
				}
				img.SetNRGBA(x, y, c)
			}
		}
		return img
	}
	// Made with npm's thumbhash 0.1.1 of the same pixels.
	for name, test := range map[string]struct {
		img  *image.NRGBA
		want string
	}{
		"wide":        {ramp(80, 50, false), "HggKLJpwdndwd3d3d3aQkAr3dw=="},
		"tall":        {ramp(37, 100, false), "XvgJKxpwcHd3dnd3oJAJ+Ic="},
		"transparent": {ramp(64, 64, true), "oviFFQwnkIawiIlniLDAC/lngIeAiIh4iA=="},
	} {
		if got := thumbHash(test.img); got != test.want {
			t.Errorf("%s: %s, not %s", name, got, test.want)
		}
	}
	half := ramp(2, 1, false)
	copy(half.Pix, []byte{200, 100, 0, 255, 0, 100, 201, 255})
	if got := meanColor(half); got != "#646465" {
		t.Errorf("the mean colour is %s", got)
	}
}
