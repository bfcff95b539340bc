package media

import (
	"image"
	"image/color"
	"math"
)

// plane is a picture whose rows are read from top to bottom, with the channels of a pixel beside
// each other. row may return the same slice each time.
type plane struct {
	w, h     int
	channels int
	row      func(y int) []byte
}

// scale returns the part of a picture in a rectangle as one of w by h pixels, which is no larger.
//
// It keeps the rows that are being summed up and no more, so that it takes hardly more memory than
// what it returns, and it works on the planes of a JPEG as they are stored, which is several times
// as fast as making pixels of them first. The result is an *image.Gray, *image.YCbCr (4:2:0),
// *image.CMYK, *image.RGBA without transparency, or *image.NRGBA with it.
func scale(img image.Image, part image.Rectangle, w, h int) image.Image {
	switch img := img.(type) {
	case *image.Gray:
		out := image.NewGray(image.Rect(0, 0, w, h))
		out.Pix = shrink(stored(img.Pix, img.Stride, 1, img.Rect, part), w, h)
		return out
	case *image.CMYK:
		out := image.NewCMYK(image.Rect(0, 0, w, h))
		out.Pix = shrink(stored(img.Pix, img.Stride, 4, img.Rect, part), w, h)
		return out
	case *image.YCbCr:
		return scaleYCbCr(img, part, w, h)
	}
	pix := shrink(plane{w: part.Dx(), h: part.Dy(), channels: 4, row: pixels(img, part)}, w, h)
	return straight(pix, w, h)
}

// stored returns the part of a plane in a rectangle.
func stored(pix []byte, stride, channels int, all, part image.Rectangle) plane {
	left := (part.Min.X - all.Min.X) * channels
	return plane{w: part.Dx(), h: part.Dy(), channels: channels, row: func(y int) []byte {
		from := (part.Min.Y-all.Min.Y+y)*stride + left
		return pix[from : from+part.Dx()*channels]
	}}
}

func scaleYCbCr(img *image.YCbCr, part image.Rectangle, w, h int) image.Image {
	out := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	copy(out.Y, shrink(stored(img.Y, img.YStride, 1, img.Rect, part), w, h))
	across, down := subsampling(img.SubsampleRatio)
	all := image.Rect(0, 0, (img.Rect.Max.X+across-1)/across, (img.Rect.Max.Y+down-1)/down)
	chroma := image.Rect(part.Min.X/across, part.Min.Y/down,
		(part.Max.X+across-1)/across, (part.Max.Y+down-1)/down)
	cw, ch := (w+1)/2, (h+1)/2
	copy(out.Cb, shrink(stored(img.Cb, img.CStride, 1, all, chroma), cw, ch))
	copy(out.Cr, shrink(stored(img.Cr, img.CStride, 1, all, chroma), cw, ch))
	return out
}

// subsampling returns how many pixels share a colour, across and down.
func subsampling(r image.YCbCrSubsampleRatio) (int, int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// pixels returns a function that reads rows of a picture as red, green, blue and alpha, the colours
// premultiplied.
func pixels(img image.Image, part image.Rectangle) func(y int) []byte {
	row := make([]byte, 4*part.Dx())
	switch img := img.(type) {
	case *image.RGBA:
		return stored(img.Pix, img.Stride, 4, img.Rect, part).row
	case *image.NRGBA:
		from := stored(img.Pix, img.Stride, 4, img.Rect, part).row
		return func(y int) []byte {
			premultiply(row, from(y))
			return row
		}
	case *image.Paletted:
		colors := make([][4]byte, 256)
		for i, c := range img.Palette {
			r, g, b, a := c.RGBA()
			colors[i] = bytesOf(color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b),
				A: uint16(a)})
		}
		from := stored(img.Pix, img.Stride, 1, img.Rect, part).row
		return func(y int) []byte {
			for x, i := range from(y) {
				copy(row[4*x:], colors[i][:])
			}
			return row
		}
	}
	return func(y int) []byte {
		for x := range part.Dx() {
			c := bytesOf(colorAt(img, part.Min.X+x, part.Min.Y+y))
			copy(row[4*x:], c[:])
		}
		return row
	}
}

// colorAt returns the colour of a pixel, without making garbage where the kind of picture allows.
func colorAt(img image.Image, x, y int) color.RGBA64 {
	if img, ok := img.(image.RGBA64Image); ok {
		return img.RGBA64At(x, y)
	}
	r, g, b, a := img.At(x, y).RGBA()
	return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
}

func bytesOf(c color.RGBA64) [4]byte {
	return [4]byte{byte(c.R >> 8), byte(c.G >> 8), byte(c.B >> 8), byte(c.A >> 8)}
}

func premultiply(to, from []byte) {
	for i := 0; i+3 < len(from); i += 4 {
		a := uint32(from[i+3])
		if a == 255 {
			copy(to[i:i+4], from[i:i+4])
			continue
		}
		for c := range 3 {
			to[i+c] = byte((uint32(from[i+c])*a + 127) / 255)
		}
		to[i+3] = byte(a)
	}
}

// straight returns the picture of premultiplied pixels: an *image.RGBA if it is opaque, else an
// *image.NRGBA.
func straight(pix []byte, w, h int) image.Image {
	opaque := true
	for i := 3; i < len(pix) && opaque; i += 4 {
		opaque = pix[i] == 255
	}
	if opaque {
		return &image.RGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	}
	for i := 0; i+3 < len(pix); i += 4 {
		a := uint32(pix[i+3])
		if a == 0 {
			clear(pix[i : i+3])
			continue
		}
		for c := range 3 {
			pix[i+c] = byte(min(255, (uint32(pix[i+c])*255+a/2)/a))
		}
	}
	return &image.NRGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
}

// taps are the pixels that one pixel of the result is made of, and their weights.
type taps struct {
	from    int
	weights []float32
}

// catmullRom returns the taps for n pixels made of size pixels, by the filter of Catmull and Rom.
func catmullRom(size, n int) []taps {
	ratio := float64(size) / float64(n)
	width := max(1, ratio)
	reach := 2 * width
	all := make([]taps, n)
	for i := range all {
		center := (float64(i)+0.5)*ratio - 0.5
		from := max(0, int(math.Ceil(center-reach)))
		to := min(size-1, int(math.Floor(center+reach)))
		t := taps{from: from, weights: make([]float32, to-from+1)}
		var sum float64
		for j := from; j <= to; j++ {
			v := kernel(math.Abs(float64(j)-center) / width)
			t.weights[j-from] = float32(v)
			sum += v
		}
		for j := range t.weights {
			t.weights[j] /= float32(sum)
		}
		all[i] = t
	}
	return all
}

func kernel(x float64) float64 {
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// shrink returns the pixels of a plane scaled to w by h.
func shrink(p plane, w, h int) []byte {
	out := make([]byte, 0, w*h*p.channels)
	if w == p.w && h == p.h {
		for y := range h {
			out = append(out, p.row(y)...)
		}
		return out
	}
	across, down := catmullRom(p.w, w), catmullRom(p.h, h)
	narrow := make([]float32, w*p.channels)
	sums := map[int][]float32{} // of the rows of the result that are begun
	var spare [][]float32
	first := 0
	for y := range p.h {
		narrowRow(narrow, p.row(y), across, p.channels)
		for i := first; i < h && down[i].from <= y; i++ {
			t := down[i]
			if y >= t.from+len(t.weights) {
				continue
			}
			sum := sums[i]
			if sum == nil {
				sum, spare = begin(spare, len(narrow))
				sums[i] = sum
			}
			weight := t.weights[y-t.from]
			for x, v := range narrow {
				sum[x] += weight * v
			}
		}
		for first < h && y == down[first].from+len(down[first].weights)-1 {
			for _, v := range sums[first] {
				out = append(out, byte(clamp(v+0.5)))
			}
			spare = append(spare, sums[first])
			delete(sums, first)
			first++
		}
	}
	return out
}

// begin returns n zeros, in spare memory if there is some, and what is spare then.
func begin(spare [][]float32, n int) ([]float32, [][]float32) {
	if len(spare) == 0 {
		return make([]float32, n), nil
	}
	last := spare[len(spare)-1]
	clear(last)
	return last, spare[:len(spare)-1]
}

// narrowRow scales a row.
func narrowRow(to []float32, from []byte, across []taps, channels int) {
	if channels == 1 {
		for x, t := range across {
			var sum float32
			for j, v := range from[t.from:][:len(t.weights)] {
				sum += t.weights[j] * float32(v)
			}
			to[x] = sum
		}
		return
	}
	for x, t := range across {
		var a, b, c, d float32
		for j, weight := range t.weights {
			p := from[4*(t.from+j):][:4]
			a += weight * float32(p[0])
			b += weight * float32(p[1])
			c += weight * float32(p[2])
			d += weight * float32(p[3])
		}
		to[4*x] = a
		to[4*x+1] = b
		to[4*x+2] = c
		to[4*x+3] = d
	}
}

// turn returns a picture turned upright as EXIF's orientation, 1 to 8, says it must be.
func turn(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	switch img := img.(type) {
	case *image.Gray:
		pix, w, h := turnPlane(img.Pix, img.Rect.Dx(), img.Rect.Dy(), 1, orientation)
		return &image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}
	case *image.RGBA:
		pix, w, h := turnPlane(img.Pix, img.Rect.Dx(), img.Rect.Dy(), 4, orientation)
		return &image.RGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	case *image.NRGBA:
		pix, w, h := turnPlane(img.Pix, img.Rect.Dx(), img.Rect.Dy(), 4, orientation)
		return &image.NRGBA{Pix: pix, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	case *image.YCbCr:
		out := *img
		cw, ch := (img.Rect.Dx()+1)/2, (img.Rect.Dy()+1)/2
		var w, h int
		out.Cb, _, _ = turnPlane(img.Cb, cw, ch, 1, orientation)
		out.Cr, out.CStride, _ = turnPlane(img.Cr, cw, ch, 1, orientation)
		out.Y, w, h = turnPlane(img.Y, img.Rect.Dx(), img.Rect.Dy(), 1, orientation)
		out.YStride = w
		out.Rect = image.Rect(0, 0, w, h)
		return &out
	}
	return img
}

// turnPlane turns pixels, and returns them with their new width and height.
func turnPlane(pix []byte, w, h, channels, orientation int) ([]byte, int, int) {
	out := make([]byte, 0, len(pix))
	newW, newH := w, h
	if orientation >= 5 {
		newW, newH = h, w
	}
	for y := range newH {
		for x := range newW {
			fromX, fromY := x, y
			if orientation >= 5 {
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 3, 7, 8:
				fromX = w - 1 - fromX
			}
			switch orientation {
			case 3, 4, 6, 7:
				fromY = h - 1 - fromY
			}
			at := (fromY*w + fromX) * channels
			out = append(out, pix[at:at+channels]...)
		}
	}
	return out, newW, newH
}
