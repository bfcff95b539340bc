package webp

import (
	"encoding/binary"
	"math"
)

// The ranges of large levels, and the probabilities of the bits that say where in one a level is
// (RFC 6386, 13.2).
var ranges = []struct {
	least int32
	probs []uint8
}{
	{11, []uint8{173, 148, 140}},
	{19, []uint8{176, 155, 140, 135}},
	{35, []uint8{180, 157, 141, 134, 130}},
	{67, []uint8{254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}},
}

// block appends the tokens of a block and returns 1 if it has coefficients, else 0. The context is
// how many of its neighbours have some.
func (e *encoder) block(kind, from, context int, levels *[16]int32) uint8 {
	last := 15
	for last >= from && levels[last] == 0 {
		last--
	}
	at := func(n, context int) int { return ((kind*8+bands[n])*3 + context) * 11 }
	p := at(from, context)
	if last < from {
		e.token(false, p)
		return 0
	}
	e.token(true, p)
	for n := from; n <= last; {
		v := levels[n]
		n++
		if v == 0 {
			e.token(false, p+1)
			p = at(n, 0)
			continue
		}
		e.token(true, p+1)
		size := max(v, -v)
		context := min(int(size), 2)
		e.size(size, p)
		e.fixed(v < 0, 128)
		p = at(n, context)
		if n < 16 {
			e.token(n <= last, p)
		}
	}
	return 1
}

// size appends the tokens of how large a level is that is not 0.
func (e *encoder) size(v int32, p int) {
	e.token(v > 1, p+2)
	if v == 1 {
		return
	}
	e.token(v > 4, p+3)
	if v <= 4 {
		e.token(v > 2, p+4)
		if v > 2 {
			e.token(v == 4, p+5)
		}
		return
	}
	e.token(v > 10, p+6)
	if v <= 10 {
		e.token(v > 6, p+7)
		if v <= 6 {
			e.fixed(v == 6, 159)
			return
		}
		e.fixed(v >= 9, 165)
		e.fixed(v&1 == 0, 145)
		return
	}
	in := len(ranges) - 1
	for v < ranges[in].least {
		in--
	}
	e.token(in >= 2, p+8)
	e.token(in&1 == 1, p+9+in/2)
	bits := ranges[in].probs
	for i, prob := range bits {
		e.fixed((v-ranges[in].least)>>(len(bits)-1-i)&1 == 1, prob)
	}
}

// token appends a bit whose probability has a place in the tables, and counts it.
func (e *encoder) token(bit bool, prob int) {
	t := uint16(prob)
	e.total[prob]++
	if bit {
		t |= oneBit
		e.ones[prob]++
	}
	e.tokens = append(e.tokens, t)
}

// fixed appends a bit of a probability that never changes.
func (e *encoder) fixed(bit bool, prob uint8) {
	t := fixedProb | uint16(prob)
	if bit {
		t |= oneBit
	}
	e.tokens = append(e.tokens, t)
}

// adaptProbs replaces the probabilities of tokens where that saves more than it takes to say so.
func (e *encoder) adaptProbs() {
	for i, prob := range defaultProbs {
		e.probs[i] = prob
		if e.total[i] == 0 {
			continue
		}
		fitting := probOf(e.ones[i], e.total[i])
		saved := e.cost(i, prob) - e.cost(i, fitting)
		if saved > 8+bits(true, updateProbs[i])-bits(false, updateProbs[i]) {
			e.probs[i] = fitting
		}
	}
}

// probOf returns the probability of 0 of a bit that was 1 so often.
func probOf(ones, total uint32) uint8 {
	return uint8(max(1, 255-uint64(ones)*255/uint64(max(total, 1))))
}

// cost returns how many bits the tokens of a place take with a probability.
func (e *encoder) cost(i int, prob uint8) float64 {
	return float64(e.ones[i])*bits(true, prob) + float64(e.total[i]-e.ones[i])*bits(false, prob)
}

// bits returns how many bits a bit takes.
func bits(bit bool, prob uint8) float64 {
	share := float64(prob) / 256
	if bit {
		share = 1 - share
	}
	return -math.Log2(share)
}

// bytes returns the frame as it is written.
func (e *encoder) bytes() []byte {
	head := e.head()
	body := newBoolWriter()
	for _, t := range e.tokens {
		prob := uint8(t)
		if t&fixedProb == 0 {
			prob = e.probs[t&^oneBit]
		}
		body.put(t&oneBit != 0, prob)
	}
	const key, shown = 0, 1 << 4
	out := make([]byte, 10)
	tag := uint32(key | shown | len(head)<<5)
	copy(out, []byte{byte(tag), byte(tag >> 8), byte(tag >> 16), 0x9d, 0x01, 0x2a})
	binary.LittleEndian.PutUint16(out[6:], uint16(e.source.width))
	binary.LittleEndian.PutUint16(out[8:], uint16(e.source.height))
	return append(append(out, head...), body.bytes()...)
}

// head returns the first partition (RFC 6386, 9.2 and 19.2): how the frame is written, and how each
// macroblock is predicted.
func (e *encoder) head() []byte {
	w := newBoolWriter()
	w.number(0, 1) // the usual colours
	w.number(0, 1) // values are to be clamped
	w.number(0, 1) // no segments
	w.number(0, 1) // the normal filter
	w.number(uint32(e.filter), 6)
	w.number(0, 3) // its sharpness
	w.number(0, 1) // the same for all macroblocks
	w.number(0, 2) // one partition of tokens
	w.number(uint32(e.quantizer), 7)
	w.number(0, 5) // the same for all types of blocks
	w.number(0, 1) // probabilities are for this frame
	for i, prob := range e.probs {
		replaced := prob != defaultProbs[i]
		w.put(replaced, updateProbs[i])
		if replaced {
			w.number(uint32(prob), 8)
		}
	}
	empty := uint32(0)
	for _, m := range e.blocks {
		if m.empty {
			empty++
		}
	}
	skip := probOf(empty, uint32(len(e.blocks)))
	w.number(1, 1) // macroblocks say if they are empty
	w.number(uint32(skip), 8)
	for _, m := range e.blocks {
		w.put(m.empty, skip)
		m.write(w)
	}
	return w.bytes()
}

// write writes how a macroblock is predicted.
func (m macroblock) write(w *boolWriter) {
	w.put(true, 145) // as a whole
	aside := m.luma == fromLeft || m.luma == bySlope
	w.put(aside, 156)
	if aside {
		w.put(m.luma == bySlope, 128)
	} else {
		w.put(m.luma == fromAbove, 163)
	}
	w.put(m.chroma != byMean, 142)
	if m.chroma != byMean {
		w.put(m.chroma != fromAbove, 114)
		if m.chroma != fromAbove {
			w.put(m.chroma == bySlope, 183)
		}
	}
}
