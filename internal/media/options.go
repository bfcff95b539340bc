package media

import (
	"cmp"
	"runtime"
)

const (
	maxSide        = 16_384     // pixels
	maxServedWidth = 2560       // pixels
	maxServedArea  = 10_000_000 // pixels
	maxMotion      = 100_000_000
)

// withDefaults returns the options with the default where there is a zero.
func (o Options) withDefaults() Options {
	o.Pixels = cmp.Or(o.Pixels, 50_000_000)
	o.Frames = cmp.Or(o.Frames, 300)
	o.Boxes = cmp.Or(o.Boxes, 1_000_000)
	o.Memory = cmp.Or(o.Memory, 192<<20)
	o.Workers = cmp.Or(o.Workers, max(1, runtime.NumCPU()/2))
	o.PictureBytes = cmp.Or(o.PictureBytes, 32<<20)
	o.DocumentBytes = cmp.Or(o.DocumentBytes, 100<<20)
	o.FilmBytes = cmp.Or(o.FilmBytes, 2<<30)
	return o
}
