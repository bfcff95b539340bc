package webp

import "math"

// Ways to predict a macroblock from those above and to the left.
const (
	byMean = iota
	fromAbove
	fromLeft
	bySlope
	ways
)

// Types of blocks, for which tokens have probabilities of their own.
const (
	lumaRest  = iota // without its first coefficient
	lumaFirst        // the first coefficients of 16 blocks
	chroma
)

const (
	probs     = 4 * 8 * 3 * 11
	maxLevel  = 2047
	fixedProb = 1 << 14 // of a token, in whose low bits the probability stands itself
	oneBit    = 1 << 15
)

var (
	zigzag = [16]int{0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15}
	bands  = [17]int{0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0}
)

// steps are how coarse the first coefficient and the others of a type of block are.
type steps struct{ first, rest int32 }

// macroblock is what is written of one.
type macroblock struct {
	luma, chroma uint8 // how they are predicted
	empty        bool  // nothing differs from that
}

type encoder struct {
	source, made *frame
	quantizer    int
	filter       int
	steps        [3]steps
	blocks       []macroblock
	tokens       []uint16
	ones, total  [probs]uint32
	probs        [probs]uint8

	// Whether blocks have coefficients, above and to the left: four of luminance, two and two of
	// the colours, and the first coefficients of all.
	above [][9]uint8
	left  [9]uint8
}

func newEncoder(source *frame, quality int) *encoder {
	made := &frame{width: source.width, height: source.height, across: source.across,
		down: source.down}
	for i := range made.planes {
		made.planes[i] = made.newPlane(i)
	}
	q := quantizerOf(quality)
	dc, ac := dcSteps[q], acSteps[q]
	return &encoder{
		source:    source,
		made:      made,
		quantizer: q,
		filter:    min(63, q*2/5),
		steps: [3]steps{
			lumaRest:  {dc, ac},
			lumaFirst: {dc * 2, max(8, ac*155/100)},
			chroma:    {min(dc, 132), ac},
		},
		above: make([][9]uint8, source.across),
	}
}

// quantizerOf returns which of the 128 quantizers makes pictures about as good as JPEG of a
// quality.
func quantizerOf(quality int) int {
	linear := min(max(float64(quality), 0), 100) / 100
	if linear < 0.75 {
		linear *= 2.0 / 3
	} else {
		linear = 2*linear - 1
	}
	return int(127*(1-math.Cbrt(linear)) + 0.5)
}

// encode makes the tokens of all macroblocks.
func (e *encoder) encode() {
	for my := range e.source.down {
		e.left = [9]uint8{}
		for mx := range e.source.across {
			e.macroblock(mx, my)
		}
	}
	e.adaptProbs()
}

// macroblock predicts a macroblock and makes the tokens of what differs.
func (e *encoder) macroblock(mx, my int) {
	m := macroblock{
		luma:   e.choose(mx, my, 16, 0),
		chroma: e.choose(mx, my, 8, 1, 2),
	}
	var first [16]int32
	var levels [25][16]int32
	var all [16][16]int32
	for i := range 16 {
		all[i] = e.difference(0, 16*mx+i%4*4, 16*my+i/4*4)
		first[i] = all[i][0]
	}
	first = forwardWHT(&first)
	some := quantize(&first, &levels[24], e.steps[lumaFirst], 0)
	first = inverseWHT(&first)
	for i := range all {
		some = quantize(&all[i], &levels[i], e.steps[lumaRest], 1) || some
		all[i][0] = first[i]
		e.add(0, 16*mx+i%4*4, 16*my+i/4*4, &all[i])
	}
	for i := range 8 {
		p := 1 + i/4
		x, y := 8*mx+i%2*4, 8*my+i/2%2*4
		c := e.difference(p, x, y)
		some = quantize(&c, &levels[16+i], e.steps[chroma], 0) || some
		e.add(p, x, y, &c)
	}
	m.empty = !some
	e.blocks = append(e.blocks, m)
	if m.empty {
		e.left, e.above[mx] = [9]uint8{}, [9]uint8{}
		return
	}
	e.tokensOf(mx, &levels)
}

// tokensOf appends the tokens of the blocks of a macroblock.
func (e *encoder) tokensOf(mx int, levels *[25][16]int32) {
	above := &e.above[mx]
	block := func(kind, from, a, l int, level *[16]int32) {
		some := e.block(kind, from, int(above[a]+e.left[l]), level)
		above[a] = some
		e.left[l] = some
	}
	block(lumaFirst, 0, 8, 8, &levels[24])
	for i := range 16 {
		block(lumaRest, 1, i%4, i/4, &levels[i])
	}
	for i := range 8 {
		at := 4 + i/4*2
		block(chroma, 0, at+i%2, at+i/2%2, &levels[16+i])
	}
}

// quantize rounds coefficients to their steps, sets the levels in the order in which they are
// written, and reports whether there are any. With from 1 the first coefficient is left out.
func quantize(c, levels *[16]int32, s steps, from int) bool {
	some := false
	for n := from; n < 16; n++ {
		i := zigzag[n]
		step, round := s.rest, s.rest*110>>8
		if n == 0 {
			step, round = s.first, s.first*100>>8
		}
		v := c[i]
		sign := int32(1)
		if v < 0 {
			sign, v = -1, -v
		}
		level := sign * min((v+round)/step, maxLevel)
		levels[n] = level
		c[i] = level * step
		some = some || level != 0
	}
	return some
}

// difference returns the coefficients of what a block of 4 by 4 pixels differs from its prediction,
// which stands where the picture is made.
func (e *encoder) difference(p, x, y int) [16]int32 {
	from, to := &e.source.planes[p], &e.made.planes[p]
	var d [16]int32
	for i := range 16 {
		at := (y+i/4)*from.stride + x + i%4
		d[i] = int32(from.pix[at]) - int32(to.pix[at])
	}
	return forwardDCT(&d)
}

// add adds what a block's coefficients stand for to its prediction.
func (e *encoder) add(p, x, y int, c *[16]int32) {
	to := &e.made.planes[p]
	d := inverseDCT(c)
	for i := range 16 {
		at := (y+i/4)*to.stride + x + i%4
		to.pix[at] = clip(int32(to.pix[at]) + d[i])
	}
}

func clip(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

// choose predicts a square of some planes in each way, and leaves the best one where the picture is
// made. At the upper and the left edge there is one way.
func (e *encoder) choose(mx, my, side int, planes ...int) uint8 {
	best, least := byMean, int64(math.MaxInt64)
	for way := range ways {
		if way != byMean && (mx == 0 || my == 0) {
			break
		}
		var cost int64
		for _, p := range planes {
			cost += e.predict(way, p, mx*side, my*side, side)
		}
		if cost < least {
			best, least = way, cost
		}
	}
	for _, p := range planes {
		e.predict(best, p, mx*side, my*side, side)
	}
	return uint8(best)
}

// predict predicts a square of a plane and returns how far the picture is from that.
func (e *encoder) predict(way, p, x, y, side int) (cost int64) {
	from, to := &e.source.planes[p], &e.made.planes[p]
	var mean uint8
	if way == byMean {
		mean = e.mean(p, x, y, side)
	}
	for j := range side {
		at := (y+j)*to.stride + x
		row := to.pix[at:][:side]
		switch way {
		case byMean:
			fill(row, mean)
		case fromAbove:
			copy(row, to.pix[(y-1)*to.stride+x:])
		case fromLeft:
			fill(row, to.pix[at-1])
		default:
			above := to.pix[(y-1)*to.stride+x:][:len(row)]
			slope := int32(to.pix[at-1]) - int32(to.pix[(y-1)*to.stride+x-1])
			for i := range row {
				row[i] = clip(slope + int32(above[i]))
			}
		}
		sum := int32(0)
		for i, v := range from.pix[(y+j)*from.stride+x:][:len(row)] {
			d := int32(v) - int32(row[i])
			sum += d * d
		}
		cost += int64(sum)
	}
	return cost
}

func fill(row []uint8, v uint8) {
	for i := range row {
		row[i] = v
	}
}

// mean returns the mean of the pixels above and to the left of a square.
func (e *encoder) mean(p, x, y, side int) uint8 {
	to := &e.made.planes[p]
	sum, n := 0, 0
	if y > 0 {
		for i := range side {
			sum += int(to.pix[(y-1)*to.stride+x+i])
		}
		n += side
	}
	if x > 0 {
		for i := range side {
			sum += int(to.pix[(y+i)*to.stride+x-1])
		}
		n += side
	}
	if n == 0 {
		return 128
	}
	return uint8((sum + n/2) / n)
}
