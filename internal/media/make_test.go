package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"testing"
)

// photo returns a picture with soft colours and some grain, as a camera would take it.
func photo(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			grain := random.IntN(9)
			wave := 60 * math.Sin(float64(x)/37) * math.Cos(float64(y)/23)
			img.SetRGBA(x, y, color.RGBA{
				R: uint8(90 + x*100/w + grain),
				G: uint8(100 + int(wave) + grain),
				B: uint8(60 + y*120/h + grain),
				A: 255,
			})
		}
	}
	return img
}

// quarters returns a picture whose quarters are red, green (above), blue and white (below).
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, c := range []color.RGBA{{255, 0, 0, 255}, {0, 255, 0, 255}, {0, 0, 255, 255},
		{255, 255, 255, 255}} {
		x, y := i%2*w/2, i/2*h/2
		draw.Draw(img, image.Rect(x, y, x+w/2, y+h/2), image.NewUniform(c), image.Point{},
			draw.Src)
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asGIF returns a GIF of n frames.
func asGIF(t testing.TB, w, h, n int) []byte {
	t.Helper()
	palette := color.Palette{color.White, color.Black, color.RGBA{200, 30, 30, 255}}
	all := &gif.GIF{LoopCount: 3}
	for i := range n {
		frame := image.NewPaletted(image.Rect(0, 0, w, h), palette)
		for x := range w {
			frame.SetColorIndex(x, (x+i)%h, uint8(1+i%2))
		}
		all.Image = append(all.Image, frame)
		all.Delay = append(all.Delay, 5+i)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, all); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// segment returns a segment of a JPEG file.
func segment(marker byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	head := []byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}
	return append(head, body...)
}

// withSegments puts segments behind the start of a JPEG file.
func withSegments(b []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{b[:2], bytes.Join(segments, nil), b[2:]}, nil)
}

// chunk returns a chunk of a PNG file.
func chunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// withChunk puts a chunk behind the header of a PNG file.
func withChunk(b []byte, name string, body []byte) []byte {
	const header = 8 + 25
	return bytes.Join([][]byte{b[:header], chunk(name, body), b[header:]}, nil)
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// exifEntry is an entry of a directory of EXIF: a short, or a text.
type exifEntry struct {
	tag   uint16
	short uint16
	text  string
}

// exifOf returns EXIF, from the TIFF header on, with a directory and the camera's directory.
func exifOf(picture, camera []exifEntry) []byte {
	out := []byte("MM\x00*\x00\x00\x00\x08")
	size := func(entries []exifEntry) int { return 2 + 12*len(entries) + 4 }
	pictureEntries := append([]exifEntry{}, picture...)
	second := 8 + size(pictureEntries) + 12
	data := second + size(camera)
	var texts []byte
	write := func(entries []exifEntry, pointer bool) {
		n := len(entries)
		if pointer {
			n++
		}
		out = binary.BigEndian.AppendUint16(out, uint16(n))
		for _, e := range entries {
			out = binary.BigEndian.AppendUint16(out, e.tag)
			if e.text == "" {
				out = append(out, 0, typeShort, 0, 0, 0, 1, byte(e.short>>8), byte(e.short), 0, 0)
				continue
			}
			text := e.text + "\x00\x00\x00\x00" // longer than what stands in the entry
			out = append(out, 0, typeASCII)
			out = binary.BigEndian.AppendUint32(out, uint32(len(text)))
			out = binary.BigEndian.AppendUint32(out, uint32(data+len(texts)))
			texts = append(texts, text...)
		}
		if pointer {
			out = append(out, 0x87, 0x69, 0, 4, 0, 0, 0, 1)
			out = binary.BigEndian.AppendUint32(out, uint32(second))
		}
		out = append(out, 0, 0, 0, 0)
	}
	write(pictureEntries, true)
	write(camera, false)
	return append(out, texts...)
}

// iptcSet returns a data set of IPTC.
func iptcSet(record, number byte, text string) []byte {
	return append([]byte{0x1c, record, number, byte(len(text) >> 8), byte(len(text))}, text...)
}

// photoshopOf returns IPTC data as a resource of Photoshop.
func photoshopOf(sets ...[]byte) []byte {
	body := bytes.Join(sets, nil)
	out := append([]byte("Photoshop 3.0\x008BIM\x04\x04\x00\x00"),
		binary.BigEndian.AppendUint32(nil, uint32(len(body)))...)
	return append(out, body...)
}

// matrixProfile returns an ICC profile, version 2, with primaries as XYZ under D50 and a gamma.
func matrixProfile(red, green, blue [3]float64, gamma float64) []byte {
	number := func(b []byte, v float64) []byte {
		return binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	xyz := func(v [3]float64) []byte {
		b := []byte("XYZ \x00\x00\x00\x00")
		for _, c := range v {
			b = number(b, c)
		}
		return b
	}
	curve := append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"),
		binary.BigEndian.AppendUint16(nil, uint16(math.Round(gamma*256)))...)
	curve = append(curve, 0, 0)
	white := [3]float64{0.9642, 1, 0.8249}
	tags := []struct {
		name string
		body []byte
	}{{"wtpt", xyz(white)}, {"rXYZ", xyz(red)}, {"gXYZ", xyz(green)}, {"bXYZ", xyz(blue)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve}}
	head := make([]byte, 128)
	copy(head[8:], []byte{2, 0x10, 0, 0})
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[36:], "acsp")
	copy(head[68:], xyz(white)[8:])
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var body []byte
	for _, tag := range tags {
		table = append(table, tag.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(132+12*len(tags)+len(body)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tag.body)))
		body = append(body, tag.body...)
	}
	out := bytes.Join([][]byte{head, table, body}, nil)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}

// adobeRGB is Adobe RGB (1998), its primaries adapted to D50.
func adobeRGB() []byte {
	return matrixProfile([3]float64{0.60974, 0.31111, 0.01947},
		[3]float64{0.20528, 0.62567, 0.06087}, [3]float64{0.14919, 0.06322, 0.74457}, 563.0/256)
}

func box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)+8))
	return append(append(out, name...), body...)
}

func u32s(values ...uint32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

// asMP4 returns an MP4 film of w by h pixels, a quarter turned if asked, and so many milliseconds;
// or sound if it has no width.
func asMP4(w, h int, turned bool, ms uint32) []byte {
	matrix := u32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
	if turned {
		matrix = u32s(0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000)
	}
	handler, codec := "vide", "avc1"
	if w == 0 {
		handler, codec = "soun", "mp4a"
	}
	trak := box("trak",
		box("tkhd", u32s(0, 0, 0, 1, 0, ms, 0, 0, 0, 0), matrix, u32s(uint32(w)<<16, uint32(h)<<16)),
		box("mdia", box("mdhd", u32s(0, 0, 0, 1000, ms, 0)),
			box("hdlr", u32s(0, 0), []byte(handler), u32s(0, 0, 0, 0)),
			box("minf", box("stbl", box("stsd", u32s(0, 1), box(codec, make([]byte, 60)))))))
	words := box("udta", box("meta", u32s(0), box("ilst",
		box("\xa9nam", box("data", u32s(1, 0), []byte("Die Brücke"))),
		box("\xa9ART", box("data", u32s(1, 0), []byte("A. Reporter"))))))
	return bytes.Join([][]byte{box("ftyp", []byte("isom\x00\x00\x02\x00isomavc1")),
		box("moov", box("mvhd", u32s(0, 0, 0, 1000, ms), make([]byte, 80)), trak, words),
		box("mdat", bytes.Repeat([]byte{7}, 4000))}, nil)
}

func element(id uint32, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	out := bytes.TrimLeft(binary.BigEndian.AppendUint32(nil, id), "\x00")
	out = append(out, 0x10|byte(len(all)>>24), byte(len(all)>>16), byte(len(all)>>8), byte(len(all)))
	return append(out, all...)
}

// asWebM returns a WebM film of 640 by 360 pixels and 2.5 seconds.
func asWebM(docType string) []byte {
	duration := binary.BigEndian.AppendUint64(nil, math.Float64bits(2500))
	return append(element(idEBML, element(idDocType, []byte(docType))),
		element(idSegment,
			element(idInfo, element(idScale, []byte{0x0f, 0x42, 0x40}), element(idDuration, duration),
				element(idTitle, []byte("Am Fluss"))),
			element(idTracks, element(idTrack, element(idTrackType, []byte{1}),
				element(idVideo, element(idWidth, []byte{2, 0x80}), element(idHeight, []byte{1, 0x68})))),
			element(idCluster, element(idTimestamp, []byte{0}),
				element(idSimpleBlock, []byte{0x81, 0, 0, 0x80}, make([]byte, 3000))))...)
}

// asMP3 returns an MP3 file of n frames of 26 ms, with a tag of ID3.
func asMP3(n int) []byte {
	text := func(id, s string) []byte {
		body := append([]byte{3}, s...)
		return bytes.Join([][]byte{[]byte(id), u32s(uint32(len(body))), {0, 0}, body}, nil)
	}
	tags := append(text("TIT2", "Nachrichten"), text("TPE1", "A. Reporter")...)
	out := append([]byte{'I', 'D', '3', 4, 0, 0, 0, 0, byte(len(tags) >> 7), byte(len(tags) & 127)},
		tags...)
	frame := make([]byte, 417)
	copy(frame, []byte{0xff, 0xfb, 0x90, 0x00}) // 128 kbit/s, 44,100 Hz
	return append(out, bytes.Repeat(frame, n)...)
}

// asWAV returns a WAV file of so many seconds of silence in 8,000 Hz.
func asWAV(seconds int) []byte {
	le := binary.LittleEndian
	part := func(name string, body []byte) []byte {
		return append(le.AppendUint32([]byte(name), uint32(len(body))), body...)
	}
	format := le.AppendUint32(le.AppendUint32([]byte{1, 0, 1, 0}, 8000), 16_000)
	format = append(format, 2, 0, 16, 0)
	body := bytes.Join([][]byte{[]byte("WAVE"), part("fmt ", format),
		part("LIST", append([]byte("INFO"), part("INAM", []byte("Stille"))...)),
		part("data", make([]byte, 16_000*seconds))}, nil)
	return part("RIFF", body)
}

// asOgg returns an Ogg file with Opus of so many seconds.
func asOgg(seconds uint64, comments ...string) []byte {
	page := func(flags byte, granule uint64, number uint32, packet []byte) []byte {
		out := binary.LittleEndian.AppendUint64(append([]byte("OggS\x00"), flags), granule)
		out = binary.LittleEndian.AppendUint32(out, 77)
		out = binary.LittleEndian.AppendUint32(out, number)
		out = append(out, 0, 0, 0, 0, byte(len(packet)/255+1))
		out = append(out, bytes.Repeat([]byte{255}, len(packet)/255)...)
		return append(append(out, byte(len(packet)%255)), packet...)
	}
	tags := binary.LittleEndian.AppendUint32([]byte("OpusTags"), 0)
	comments = append([]string{"TITLE=Gespräch"}, comments...)
	tags = binary.LittleEndian.AppendUint32(tags, uint32(len(comments)))
	for _, comment := range comments {
		tags = binary.LittleEndian.AppendUint32(tags, uint32(len(comment)))
		tags = append(tags, comment...)
	}
	return bytes.Join([][]byte{
		page(2, 0, 0, []byte("OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00")),
		page(0, 0, 1, tags),
		page(0, 48_000*seconds/2, 2, make([]byte, 3000)),
		page(4, 48_000*seconds+312, 3, make([]byte, 3000))}, nil)
}

// asPDF returns a PDF document.
func asPDF() []byte {
	body := "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
	return []byte(body + "xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n" +
		"45\n%%EOF\n")
}
