package media

import (
	"bytes"
	"encoding/binary"
)

// commentsIn returns where the comments, which are the second packet, begin and end in a page.
func (o *ogg) commentsIn(lacing []byte) (begin, end int) {
	packet := len(o.packets)
	open := o.open
	at := 0
	for _, n := range lacing {
		if !open {
			packet++
		}
		if packet == 2 {
			if end == 0 {
				begin = at
			}
			end = at + int(n)
		}
		at += int(n)
		open = n == 255
	}
	return begin, end
}

// emptyComments makes what a page has of the comments a list of none, with zeros after it. In
// Vorbis a bit must end the list.
func (o *ogg) emptyComments(pos int64, head, lacing, b []byte) error {
	begin, end := o.commentsIn(lacing)
	if begin >= end {
		return nil
	}
	magic, ended := len("OpusTags"), byte(0)
	if len(o.packets) > 0 && bytes.HasPrefix(o.packets[0], []byte("\x01vorbis")) {
		magic, ended = len("\x03vorbis"), 1
	}
	b = bytes.Clone(b)
	var list []byte
	for i := begin; i < end; i, o.said = i+1, o.said+1 {
		switch {
		case o.said < magic: // says that these are the comments
		case o.said == magic+8: // after the lengths of who wrote it, and of the list
			b[i] = ended
		default:
			b[i] = 0
		}
		if o.said <= magic+8 {
			list = append(list, b[i])
		}
	}
	copy(head[22:], make([]byte, 4))
	sum := oggChecksum(oggChecksum(0, head), b)
	if err := o.patch(pos+22, binary.LittleEndian.AppendUint32(nil, sum), pos+26); err != nil {
		return err
	}
	start := pos + int64(len(head))
	return o.patch(start+int64(begin), list, start+int64(end))
}

// oggSums are the checksums of single bytes: the polynomial of Ethernet, the highest bit first.
var oggSums = func() (sums [256]uint32) {
	for i := range sums {
		sums[i] = uint32(i) << 24
		for range 8 {
			sums[i] = sums[i]<<1 ^ sums[i]>>31*0x04c11db7
		}
	}
	return sums
}()

// oggChecksum goes on with the checksum of a page (RFC 3533, section 6).
func oggChecksum(sum uint32, b []byte) uint32 {
	for _, c := range b {
		sum = sum<<8 ^ oggSums[byte(sum>>24)^c]
	}
	return sum
}
