package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"

	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

const (
	gridRGB  = 33 // points of a channel at which a profile is asked
	gridCMYK = 17
	maxTags  = 200 // of a profile
)

// toSRGB returns a picture in sRGB that is in the colours of an ICC profile; without a profile, or
// with one that makes no sense, it is taken as sRGB. A profile is asked at the points of a grid,
// and what lies between is interpolated: asking it for each pixel would take a hundred times as
// long. CMYK always becomes RGB.
func toSRGB(img image.Image, profile []byte) image.Image {
	cmyk, isCMYK := img.(*image.CMYK)
	gray, isGray := img.(*image.Gray)
	channels := 3
	switch {
	case isCMYK:
		channels = 4
	case isGray:
		channels = 1
	}
	convert, err := profileOf(profile, channels)
	switch {
	case err != nil && isCMYK:
		return plainCMYK(cmyk)
	case err != nil:
		return img
	case isCMYK:
		return convertCMYK(cmyk, convert)
	case isGray:
		return convertGray(gray, convert)
	}
	return convertRGB(img, convert)
}

// conversion returns the sRGB colour, 0 to 1 each, of a colour of 1, 3 or 4 channels.
type conversion func(out *[4]float64, in *[4]float64)

// profileOf returns the conversion of a profile for pictures with so many channels.
func profileOf(profile []byte, channels int) (convert conversion, err error) {
	if err := checkProfile(profile); err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil { // the package panics at some broken profiles
			convert, err = nil, errors.New("broken profile")
		}
	}()
	p, err := icc.DecodeProfile(bytes.NewReader(profile))
	if err != nil {
		return nil, err
	}
	want := map[int]icc.ColorSpace{
		1: icc.ColorSpaceGray,
		3: icc.ColorSpaceRGB,
		4: icc.ColorSpaceCMYK,
	}[channels]
	if p.Header.DataColorSpace != want {
		return nil, errors.New("a profile for other pictures")
	}
	t, err := p.CreateTransformerToSRGB(icc.RelativeColorimetricRenderingIntent, true, channels,
		true, false, true)
	if err != nil {
		return nil, err
	}
	convert = func(out, in *[4]float64) { t.TransformGeneral(out[:], in[:]) }
	if channels != 4 {
		convert = func(out, in *[4]float64) {
			out[0], out[1], out[2] = t.Transform(in[0], in[1], in[2])
		}
	}
	var out [4]float64
	convert(&out, &[4]float64{0.5, 0.5, 0.5, 0.5})
	return convert, nil
}

// checkProfile returns an error if a profile (ICC.1:2022) speaks of more than it holds, for which
// its reader would make room.
func checkProfile(b []byte) error {
	if len(b) < 132 || string(b[36:40]) != "acsp" {
		return errors.New("no profile")
	}
	tags := int64(binary.BigEndian.Uint32(b[128:]))
	if tags > maxTags || 132+12*tags > int64(len(b)) {
		return errors.New("broken tags")
	}
	for i := range tags {
		entry := b[132+12*i:]
		from := int64(binary.BigEndian.Uint32(entry[4:]))
		n := int64(binary.BigEndian.Uint32(entry[8:]))
		if from < 132+12*tags || from+n > int64(len(b)) {
			return errors.New("broken tag")
		}
	}
	for rest := b; ; rest = rest[4:] { // curves say how many points they have
		i := bytes.Index(rest, []byte("curv"))
		if i < 0 {
			return nil
		}
		rest = rest[i:]
		if len(rest) >= 12 && int64(binary.BigEndian.Uint32(rest[8:]))*2 > int64(len(rest)) {
			return errors.New("broken curve")
		}
	}
}

// grid is a conversion at evenly spaced points: three values for each.
type grid struct {
	points int // of a channel
	values []float32
}

// newGrid asks a conversion at all points of a grid. The last channel varies fastest.
func newGrid(convert conversion, channels, points int) *grid {
	n := 1
	for range channels {
		n *= points
	}
	g := &grid{points: points, values: make([]float32, 0, 3*n)}
	for i := range n {
		var in, out [4]float64
		for c, rest := channels-1, i; c >= 0; c, rest = c-1, rest/points {
			in[c] = float64(rest%points) / float64(points-1)
		}
		convert(&out, &in)
		for _, v := range out[:3] {
			g.values = append(g.values, float32(v*255))
		}
	}
	return g
}

// at returns the colour of a pixel by interpolation between the points around it, as bytes.
func (g *grid) at(pixel []byte) [3]byte {
	var index [4]int
	var share [4]float32
	for c, v := range pixel {
		x := float32(v) * float32(g.points-1) / 255
		i := min(int(x), g.points-2)
		index[c] = i
		share[c] = x - float32(i)
	}
	var sum [3]float32
	for corner := range 1 << len(pixel) {
		weight := float32(1)
		at := 0
		for c := range pixel {
			i := index[c]
			if corner>>c&1 == 1 {
				i++
				weight *= share[c]
			} else {
				weight *= 1 - share[c]
			}
			at = at*g.points + i
		}
		if weight == 0 {
			continue
		}
		v := g.values[3*at:][:3]
		sum[0] += weight * v[0]
		sum[1] += weight * v[1]
		sum[2] += weight * v[2]
	}
	return [3]byte{
		byte(clamp(sum[0] + 0.5)),
		byte(clamp(sum[1] + 0.5)),
		byte(clamp(sum[2] + 0.5)),
	}
}

func convertRGB(img image.Image, convert conversion) image.Image {
	g := newGrid(convert, 3, gridRGB)
	b := img.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	opaque := true
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := straightAt(img, b.Min.X+x, b.Min.Y+y)
			v := g.at(c[:3])
			copy(out.Pix[y*out.Stride+4*x:], []byte{v[0], v[1], v[2], c[3]})
			opaque = opaque && c[3] == 255
		}
	}
	if opaque {
		return &image.RGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}
	}
	return out
}

// straightAt returns the colour of a pixel that is not premultiplied.
func straightAt(img image.Image, x, y int) [4]byte {
	switch img := img.(type) {
	case *image.NRGBA:
		return [4]byte(img.Pix[img.PixOffset(x, y):])
	case *image.YCbCr:
		c := img.YCbCrAt(x, y)
		r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
		return [4]byte{r, g, b, 255}
	}
	return bytesOf(colorAt(img, x, y)) // opaque
}

func convertGray(img *image.Gray, convert conversion) image.Image {
	var table [256][3]byte
	colored := false
	for i := range table {
		var out [4]float64
		convert(&out, &[4]float64{float64(i) / 255})
		for c := range 3 {
			table[i][c] = byte(clamp(float32(out[c]*255) + 0.5))
		}
		colored = colored || table[i][0] != table[i][1] || table[i][1] != table[i][2]
	}
	if !colored {
		for i, v := range img.Pix {
			img.Pix[i] = table[v][0]
		}
		return img
	}
	out := image.NewRGBA(img.Rect)
	for i, v := range img.Pix {
		copy(out.Pix[4*i:], []byte{table[v][0], table[v][1], table[v][2], 255})
	}
	return out
}

func convertCMYK(img *image.CMYK, convert conversion) image.Image {
	g := newGrid(convert, 4, gridCMYK)
	out := image.NewRGBA(img.Rect)
	for i := 0; i+3 < len(img.Pix); i += 4 {
		v := g.at(img.Pix[i : i+4])
		copy(out.Pix[i:], []byte{v[0], v[1], v[2], 255})
	}
	return out
}

func plainCMYK(img *image.CMYK) image.Image {
	out := image.NewRGBA(img.Rect)
	for i := 0; i+3 < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4]
		r, g, b := color.CMYKToRGB(p[0], p[1], p[2], p[3])
		copy(out.Pix[i:], []byte{r, g, b, 255})
	}
	return out
}
