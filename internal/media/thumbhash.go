package media

import (
	"encoding/base64"
	"fmt"
	"image"
	"math"
)

const thumbSide = 100 // pixels; ThumbHash is made of a picture no larger

// thumb returns a picture scaled down to what ThumbHash is made of.
func thumb(img image.Image) *image.NRGBA {
	b := img.Bounds()
	factor := min(1, thumbSide/float64(max(b.Dx(), b.Dy())))
	w := max(1, int(math.Round(float64(b.Dx())*factor)))
	h := max(1, int(math.Round(float64(b.Dy())*factor)))
	small := scale(img, b, w, h)
	if n, ok := small.(*image.NRGBA); ok {
		return n
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := straightAt(small, x, y)
			copy(out.Pix[out.PixOffset(x, y):], c[:])
		}
	}
	return out
}

// meanColor returns the mean colour of what can be seen of a picture, as #rrggbb.
func meanColor(img *image.NRGBA) string {
	var sum [3]float64
	var all float64
	for i := 0; i+3 < len(img.Pix); i += 4 {
		a := float64(img.Pix[i+3])
		all += a
		for c := range 3 {
			sum[c] += a * float64(img.Pix[i+c])
		}
	}
	if all == 0 {
		return "#ffffff"
	}
	return fmt.Sprintf("#%02x%02x%02x", int(sum[0]/all+0.5), int(sum[1]/all+0.5),
		int(sum[2]/all+0.5))
}

// channel is one of the four channels of a ThumbHash: the mean, the strength and the coefficients
// of its waves.
type channel struct {
	dc    float64
	scale float64
	ac    []float64
}

// thumbHash returns the ThumbHash of a picture of at most 100 by 100 pixels in base64: some 25
// bytes from which a blurred picture is painted (https://evanw.github.io/thumbhash/).
func thumbHash(img *image.NRGBA) string {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	l, p, q, a := luminance(img)
	transparent := false
	for _, v := range a {
		transparent = transparent || v < 1
	}
	limit := 7.0
	if transparent {
		limit = 5
	}
	longest := float64(max(w, h))
	lx := max(1, int(round(limit*float64(w)/longest)))
	ly := max(1, int(round(limit*float64(h)/longest)))
	lc := waves(l, w, h, max(3, lx), max(3, ly))
	pc := waves(p, w, h, 3, 3)
	qc := waves(q, w, h, 3, 3)
	header := uint32(round(63*lc.dc)) | uint32(round(31.5+31.5*pc.dc))<<6 |
		uint32(round(31.5+31.5*qc.dc))<<12 | uint32(round(31*lc.scale))<<18
	flags := uint32(lx)
	if w > h {
		flags = uint32(ly) | 1<<15
	}
	flags |= uint32(round(63*pc.scale))<<3 | uint32(round(63*qc.scale))<<9
	channels := []channel{lc, pc, qc}
	hash := []byte{byte(header), byte(header >> 8), byte(header >> 16)}
	if transparent {
		header |= 1 << 23
		hash[2] = byte(header >> 16)
		ac := waves(a, w, h, 5, 5)
		channels = append(channels, ac)
		hash = append(hash, byte(flags), byte(flags>>8),
			byte(round(15*ac.dc))|byte(round(15*ac.scale))<<4)
	} else {
		hash = append(hash, byte(flags), byte(flags>>8))
	}
	return base64.StdEncoding.EncodeToString(appendWaves(hash, channels))
}

// appendWaves appends the coefficients of all channels, four bits each.
func appendWaves(hash []byte, channels []channel) []byte {
	odd := false
	for _, c := range channels {
		for _, v := range c.ac {
			bits := byte(round(15 * v))
			if odd {
				hash[len(hash)-1] |= bits << 4
			} else {
				hash = append(hash, bits)
			}
			odd = !odd
		}
	}
	return hash
}

// luminance returns the pixels as luminance, yellow to blue, red to green, and alpha, laid on their
// mean colour.
func luminance(img *image.NRGBA) (l, p, q, a []float64) {
	var mean [3]float64
	var all float64
	n := len(img.Pix) / 4
	for i := range n {
		pixel := img.Pix[4*i:]
		alpha := float64(pixel[3]) / 255
		for c := range mean {
			mean[c] += alpha / 255 * float64(pixel[c])
		}
		all += alpha
	}
	for c := range mean {
		if all > 0 {
			mean[c] /= all
		}
	}
	for i := range n {
		pixel := img.Pix[4*i:]
		alpha := float64(pixel[3]) / 255
		var v [3]float64
		for c := range v {
			v[c] = mean[c]*(1-alpha) + alpha/255*float64(pixel[c])
		}
		l = append(l, (v[0]+v[1]+v[2])/3)
		p = append(p, (v[0]+v[1])/2-v[2])
		q = append(q, v[0]-v[1])
		a = append(a, alpha)
	}
	return l, p, q, a
}

// waves returns a channel as cosine waves, nx across and ny down, of which the lower left triangle
// is kept.
func waves(values []float64, w, h, nx, ny int) channel {
	var c channel
	fx := make([]float64, w)
	for cy := range ny {
		for cx := 0; cx*ny < nx*(ny-cy); cx++ {
			var f float64
			for x := range w {
				fx[x] = math.Cos(math.Pi / float64(w) * float64(cx) * (float64(x) + 0.5))
			}
			for y := range h {
				fy := math.Cos(math.Pi / float64(h) * float64(cy) * (float64(y) + 0.5))
				for x := range w {
					f += values[x+y*w] * fx[x] * fy
				}
			}
			f /= float64(w * h)
			if cx == 0 && cy == 0 {
				c.dc = f
				continue
			}
			c.ac = append(c.ac, f)
			c.scale = max(c.scale, math.Abs(f))
		}
	}
	if c.scale > 0 {
		for i := range c.ac {
			c.ac[i] = 0.5 + 0.5/c.scale*c.ac[i]
		}
	}
	return c
}

// round rounds as JavaScript does, in which ThumbHash is defined: halves go up.
func round(v float64) float64 { return math.Floor(v + 0.5) }
