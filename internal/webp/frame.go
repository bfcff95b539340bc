package webp

import (
	"image"
	"image/color"
)

// plane is one channel of a picture, in whole blocks.
type plane struct {
	pix    []uint8
	stride int
}

// frame is a picture as VP8 has it: luminance, and two colours at half the size, in the range of
// television (16 to 235 and 240), with its last row and column repeated to whole macroblocks.
type frame struct {
	width, height int
	across, down  int // macroblocks
	planes        [3]plane
}

// newFrame returns the frame of a picture.
func newFrame(img image.Image) *frame {
	b := img.Bounds()
	f := &frame{
		width:  b.Dx(),
		height: b.Dy(),
		across: (b.Dx() + 15) / 16,
		down:   (b.Dy() + 15) / 16,
	}
	for i := range f.planes {
		f.planes[i] = f.newPlane(i)
	}
	source, ok := img.(*image.YCbCr)
	if !ok || source.SubsampleRatio != image.YCbCrSubsampleRatio420 || b.Min != (image.Point{}) {
		source = subsampled(img)
	}
	var luma, chroma [256]uint8
	for i := range 256 {
		luma[i] = uint8(16 + (i*219+127)/255)
		chroma[i] = uint8(((i-128)*224 + 128*255 + 127) / 255)
	}
	w, h := (f.width+1)/2, (f.height+1)/2
	f.planes[0].fill(source.Y, source.YStride, f.width, f.height, &luma)
	f.planes[1].fill(source.Cb, source.CStride, w, h, &chroma)
	f.planes[2].fill(source.Cr, source.CStride, w, h, &chroma)
	return f
}

// newPlane returns an empty plane of the frame's size.
func (f *frame) newPlane(i int) plane {
	side := 16
	if i > 0 {
		side = 8
	}
	return plane{pix: make([]uint8, f.across*side*f.down*side), stride: f.across * side}
}

// fill sets a plane to w by h pixels, each looked up in a table, and repeats the last of them.
func (p *plane) fill(pix []uint8, stride, w, h int, table *[256]uint8) {
	for y := range len(p.pix) / p.stride {
		from := pix[min(y, h-1)*stride:][:w]
		row := p.pix[y*p.stride:][:p.stride]
		for x := range row {
			row[x] = table[from[min(x, w-1)]]
		}
	}
}

// subsampled returns a picture as luminance and colours of half the size.
func subsampled(img image.Image) *image.YCbCr {
	b := img.Bounds()
	out := image.NewYCbCr(image.Rect(0, 0, b.Dx(), b.Dy()), image.YCbCrSubsampleRatio420)
	for y := 0; y < b.Dy(); y += 2 {
		for x := 0; x < b.Dx(); x += 2 {
			var cb, cr, n int
			for i := range 4 {
				px, py := x+i%2, y+i/2
				if px >= b.Dx() || py >= b.Dy() {
					continue
				}
				r, g, bl, _ := img.At(b.Min.X+px, b.Min.Y+py).RGBA()
				yy, cb1, cr1 := color.RGBToYCbCr(uint8(r>>8), uint8(g>>8), uint8(bl>>8))
				out.Y[out.YOffset(px, py)] = yy
				cb += int(cb1)
				cr += int(cr1)
				n++
			}
			at := out.COffset(x, y)
			out.Cb[at] = uint8((cb + n/2) / n)
			out.Cr[at] = uint8((cr + n/2) / n)
		}
	}
	return out
}
