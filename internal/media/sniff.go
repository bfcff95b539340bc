package media

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
)

// format is a kind of file that is taken.
type format struct {
	kind       Kind
	name       string // with an article
	plural     string
	mime       string
	extensions []string // the first is the one that is given
	probe      func(*source, *Inspection) error
}

var (
	formatJPEG = &format{kind: Image, name: "a JPEG picture", plural: "pictures",
		mime:       "image/jpeg",
		extensions: []string{".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp"}}
	formatPNG = &format{kind: Image, name: "a PNG picture", plural: "pictures",
		mime: "image/png", extensions: []string{".png", ".apng"}}
	formatGIF = &format{kind: Image, name: "a GIF picture", plural: "pictures",
		mime: "image/gif", extensions: []string{".gif"}}
	formatWebP = &format{kind: Image, name: "a WebP picture", plural: "pictures",
		mime: "image/webp", extensions: []string{".webp"}}
	formatMP3 = &format{kind: Audio, name: "an MP3 file", plural: "sound files",
		mime: "audio/mpeg", extensions: []string{".mp3"}, probe: probeMP3}
	formatOgg = &format{kind: Audio, name: "an Ogg file", plural: "sound files", mime: "audio/ogg",
		extensions: []string{".ogg", ".oga", ".opus"}, probe: probeOgg}
	formatWAV = &format{kind: Audio, name: "a WAV file", plural: "sound files", mime: "audio/wav",
		extensions: []string{".wav", ".wave"}, probe: probeWAV}
	// The prober makes M4A of an MP4 file that has only sound.
	formatMP4 = &format{kind: Video, name: "an MP4 file", plural: "films", mime: "video/mp4",
		extensions: []string{".mp4", ".m4v", ".m4a", ".m4b"}, probe: probeMP4}
	// The prober makes sound of a WebM file that has no picture.
	formatWebM = &format{kind: Video, name: "a WebM file", plural: "films", mime: "video/webm",
		extensions: []string{".webm", ".weba"}, probe: probeWebM}
	formatPDF = &format{kind: Document, name: "a PDF document", plural: "documents",
		mime: "application/pdf", extensions: []string{".pdf"}, probe: probePDF}
)

const taken = "JPEG, PNG, GIF and WebP pictures, MP3, M4A, Ogg and WAV sound, " +
	"MP4 and WebM films, and PDF documents are taken."

// signatures are how files that are taken begin.
var signatures = []struct {
	offset int
	bytes  string
	format *format
}{
	{0, "\xff\xd8\xff", formatJPEG},
	{0, "\x89PNG\r\n\x1a\n", formatPNG},
	{0, "GIF87a", formatGIF},
	{0, "GIF89a", formatGIF},
	{8, "WEBPVP8", formatWebP},
	{8, "WAVE", formatWAV},
	{0, "OggS", formatOgg},
	{0, "ID3", formatMP3},
	{0, "\x1a\x45\xdf\xa3", formatWebM},
	{0, "%PDF-", formatPDF},
}

// advice is how files that are not taken begin, and what to do with them.
var advice = []struct {
	offset int
	bytes  string
	says   string
}{
	{4, "ftypheic", heic}, {4, "ftypheix", heic}, {4, "ftyphevc", heic}, {4, "ftyphevx", heic},
	{4, "ftypheim", heic}, {4, "ftypheis", heic}, {4, "ftypmif1", heic}, {4, "ftypmsf1", heic},
	{4, "ftypavif", "AVIF pictures are not taken: export it as JPEG, PNG or WebP."},
	{4, "ftypavis", "AVIF pictures are not taken: export it as a film (MP4) or a GIF."},
	{4, "ftypcrx ", raw}, {0, "FUJIFILM", raw}, {0, "IIRO", raw}, {0, "IIU\x00", raw},
	{4, "ftypqt  ", "QuickTime films are not taken: export it as MP4."},
	{0, "II*\x00", "TIFF pictures and raw photographs are not taken: export it as JPEG or PNG."},
	{0, "MM\x00*", "TIFF pictures and raw photographs are not taken: export it as JPEG or PNG."},
	{0, "BM", "BMP pictures are not taken: export it as PNG."},
	{0, "8BPS", "Photoshop files are not taken: export it as JPEG or PNG."},
	{0, "\x00\x00\x01\x00", "Icons are not taken: export it as PNG."},
	{0, "\xff\x0a", jxl}, {0, "\x00\x00\x00\x0cJXL ", jxl},
	{0, "\x00\x00\x00\x0cjP  ", "JPEG 2000 pictures are not taken: export it as JPEG."},
	{0, "fLaC", "FLAC sound is not taken: export it as MP3, M4A or WAV."},
	{8, "AIFF", "AIFF sound is not taken: export it as MP3, M4A or WAV."},
	{8, "AIFC", "AIFF sound is not taken: export it as MP3, M4A or WAV."},
	{8, "AVI ", "AVI films are not taken: export it as MP4 or WebM."},
	{0, "RF64", "RF64 sound is not taken: export it as MP3, M4A or WAV."},
	{0, "FLV", "Flash films are not taken: export it as MP4 or WebM."},
	{0, "\x30\x26\xb2\x75", "Windows Media files are not taken: export it as MP4, WebM or MP3."},
	{0, "#!AMR", "AMR sound is not taken: export it as MP3 or M4A."},
	{0, "PK\x03\x04", "ZIP archives, office documents and apps are not taken: save a document " +
		"as PDF."},
	{0, "\xd0\xcf\x11\xe0", "Office documents are not taken: save it as PDF."},
	{0, "{\\rtf", "RTF documents are not taken: save it as PDF."},
}

const (
	heic = "HEIC pictures are not taken: export it as JPEG. (On an iPhone: Settings, Camera, " +
		"Formats, Most Compatible.)"
	jxl      = "JPEG XL pictures are not taken: export it as JPEG, PNG or WebP."
	matroska = "Matroska films that are not WebM are not taken: export it as MP4 or WebM."
	raw      = "Raw photographs are not taken: export it as JPEG."
)

// sniff returns the format that a file has by its first bytes.
func sniff(s *source) (*format, error) {
	if s.size == 0 {
		return nil, broken("The file is empty.")
	}
	head, err := s.at(0, int(min(s.size, 1024)))
	if err != nil {
		return nil, err
	}
	has := func(offset int, b string) bool {
		return len(head) >= offset && bytes.HasPrefix(head[offset:], []byte(b))
	}
	for _, a := range advice {
		if has(a.offset, a.bytes) {
			return nil, refuse(Unsupported, "%s", a.says)
		}
	}
	if has(0, "\x1a\x45\xdf\xa3") && bytes.Contains(head[:min(len(head), 64)],
		[]byte("matroska")) {
		return nil, refuse(Unsupported, "%s", matroska)
	}
	for _, sig := range signatures {
		if has(sig.offset, sig.bytes) && (sig.offset == 0 || has(0, "RIFF")) {
			return sig.format, nil
		}
	}
	switch {
	case has(4, "ftyp"):
		return formatMP4, nil
	case isMP3Frame(head):
		return formatMP3, nil
	}
	return nil, refuse(Unsupported, "%s", adviceOnText(head))
}

// adviceOnText returns what to do with a file that is none of those that are known by their first
// bytes.
func adviceOnText(head []byte) string {
	text := bytes.ToLower(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"))
	switch {
	case bytes.HasPrefix(text, []byte("<svg")) ||
		bytes.HasPrefix(text, []byte("<?xml")) && bytes.Contains(text, []byte("<svg")):
		return "SVG pictures are not taken, for they can hold programs: export it as PNG."
	case bytes.HasPrefix(text, []byte("<")):
		return "This is a web page or an XML file, not a picture. " + taken
	}
	return "The file is of no kind that is known here. " + taken
}

// fits returns a refusal if a file of the format must not be called name.
func (f *format) fits(name string) error {
	ext := strings.ToLower(filepath.Ext(name))
	if ext == "" || ext == "." || slices.Contains(f.extensions, ext) {
		return nil
	}
	return broken("The name ends in %s, but the file is %s. If it is what you mean, "+
		"call it %s.", printable(ext), f.name, f.extensions[0])
}

// printable returns a short text without what cannot be shown.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if runes := []rune(s); len(runes) > 20 {
		return string(runes[:20]) + "…"
	}
	return s
}
