package webp

// The transforms of RFC 6386, section 14. Decoders must agree on the inverse ones to the bit.

const (
	sine   = 35_468 // the sine of an eighth of pi, times the root of two, in 65,536ths
	cosine = 20_091 // the cosine likewise, less one
)

func bySine(v int32) int32   { return v * sine >> 16 }
func byCosine(v int32) int32 { return v + v*cosine>>16 }

// inverseDCT returns the differences of 4 by 4 pixels that coefficients stand for.
func inverseDCT(in *[16]int32) (out [16]int32) {
	var mid [16]int32
	for i := range 4 {
		a, b := in[i]+in[8+i], in[i]-in[8+i]
		c := bySine(in[4+i]) - byCosine(in[12+i])
		d := byCosine(in[4+i]) + bySine(in[12+i])
		mid[i] = a + d
		mid[12+i] = a - d
		mid[4+i] = b + c
		mid[8+i] = b - c
	}
	for i := 0; i < 16; i += 4 {
		a, b := mid[i]+mid[i+2], mid[i]-mid[i+2]
		c := bySine(mid[i+1]) - byCosine(mid[i+3])
		d := byCosine(mid[i+1]) + bySine(mid[i+3])
		out[i] = (a + d + 4) >> 3
		out[i+3] = (a - d + 4) >> 3
		out[i+1] = (b + c + 4) >> 3
		out[i+2] = (b - c + 4) >> 3
	}
	return out
}

// forwardDCT returns the coefficients of differences of 4 by 4 pixels.
func forwardDCT(in *[16]int32) (out [16]int32) {
	const cos, sin = 5352, 2217 // of an eighth of pi, times the root of two, in 4,096ths
	var mid [16]int32
	for i := 0; i < 16; i += 4 {
		a, b := in[i]+in[i+3], in[i+1]+in[i+2]
		c, d := in[i+1]-in[i+2], in[i]-in[i+3]
		mid[i] = (a + b) * 8
		mid[i+1] = (c*sin + d*cos + 1812) >> 9
		mid[i+2] = (a - b) * 8
		mid[i+3] = (d*sin - c*cos + 937) >> 9
	}
	for i := range 4 {
		a, b := mid[i]+mid[12+i], mid[4+i]+mid[8+i]
		c, d := mid[4+i]-mid[8+i], mid[i]-mid[12+i]
		out[i] = (a + b + 7) >> 4
		out[4+i] = (c*sin + d*cos + 32_000) >> 16
		out[8+i] = (a - b + 7) >> 4
		out[12+i] = (d*sin - c*cos + 32_000) >> 16
	}
	return out
}

// inverseWHT returns the first coefficients of the 16 blocks of a macroblock.
func inverseWHT(in *[16]int32) (out [16]int32) {
	var mid [16]int32
	for i := range 4 {
		a, b := in[i]+in[12+i], in[4+i]+in[8+i]
		c, d := in[4+i]-in[8+i], in[i]-in[12+i]
		mid[i] = a + b
		mid[4+i] = c + d
		mid[8+i] = a - b
		mid[12+i] = d - c
	}
	for i := 0; i < 16; i += 4 {
		a, b := mid[i]+mid[i+3], mid[i+1]+mid[i+2]
		c, d := mid[i+1]-mid[i+2], mid[i]-mid[i+3]
		out[i] = (a + b + 3) >> 3
		out[i+1] = (c + d + 3) >> 3
		out[i+2] = (a - b + 3) >> 3
		out[i+3] = (d - c + 3) >> 3
	}
	return out
}

// forwardWHT returns the coefficients of the first coefficients of 16 blocks.
func forwardWHT(in *[16]int32) (out [16]int32) {
	var mid [16]int32
	for i := 0; i < 16; i += 4 {
		a, b := in[i]+in[i+3], in[i+1]+in[i+2]
		c, d := in[i+1]-in[i+2], in[i]-in[i+3]
		mid[i] = a + b
		mid[i+1] = c + d
		mid[i+2] = a - b
		mid[i+3] = d - c
	}
	for i := range 4 {
		a, b := mid[i]+mid[12+i], mid[4+i]+mid[8+i]
		c, d := mid[4+i]-mid[8+i], mid[i]-mid[12+i]
		out[i] = halved(a + b)
		out[4+i] = halved(c + d)
		out[8+i] = halved(a - b)
		out[12+i] = halved(d - c)
	}
	return out
}

func halved(v int32) int32 { return v >> 1 }
