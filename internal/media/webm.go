package media

import (
	"encoding/binary"
	"math"
	"math/bits"
	"time"
)

// Elements of Matroska (RFC 9559) that are read.
const (
	idEBML        = 0x1a45dfa3
	idDocType     = 0x4282
	idSegment     = 0x18538067
	idInfo        = 0x1549a966
	idScale       = 0x2ad7b1
	idDuration    = 0x4489
	idTitle       = 0x7ba9
	idTracks      = 0x1654ae6b
	idTrack       = 0xae
	idTrackType   = 0x83
	idCodec       = 0x86
	idVideo       = 0xe0
	idWidth       = 0xb0
	idHeight      = 0xba
	idShownWidth  = 0x54b0
	idShownHeight = 0x54ba
	idEncodings   = 0x6d80
	idCluster     = 0x1f43b675
	idTimestamp   = 0xe7
	idSimpleBlock = 0xa3
	idBlockGroup  = 0xa0
	idBlock       = 0xa1
	idSeekHead    = 0x114d9b74
	idCues        = 0x1c53bb6b
	idChapters    = 0x1043a770
	idMuxer       = 0x4d80
	idWriter      = 0x5741
	idFile        = 0x7384
	idFileBefore  = 0x3c83ab
	idFileAfter   = 0x3e83bb
	idTrackName   = 0x536e
	idChecksum    = 0xbf
	idVoid        = 0xec
	idDate        = 0x4461
	idCodecName   = 0x258688
	idCodecSays   = 0x3a9697 // its settings
)

const unknownSize = -1

// webm is a walk through the elements of a WebM file.
type webm struct {
	*source
	found    *Inspection
	docType  string
	scale    uint64  // nanoseconds of a unit
	duration float64 // in units
	cluster  uint64  // when the cluster begins, in units
	last     uint64  // when the last block is shown, in units
	clusters int
	kinds    map[uint64]bool // types of tracks
	shown    [2]int
}

// masters are the elements whose parts are read.
var masters = map[uint64]bool{idEBML: true, idSegment: true, idInfo: true, idTracks: true,
	idTrack: true, idVideo: true, idCluster: true, idBlockGroup: true}

// Of the large elements, those whose identifiers have four bytes, masters and those that are played
// are served; of all others, those are not that say something. Checksums would not be right any
// more.
var (
	played = map[uint64]bool{idSeekHead: true, idCues: true, idChapters: true}
	said   = map[uint64]bool{idTitle: true, idFile: true, idFileBefore: true, idFileAfter: true,
		idTrackName: true, idChecksum: true, idVoid: true, idDate: true, idCodecName: true,
		idCodecSays: true}
)

// probeWebM reads the elements of a WebM file. Parts of unknown size, as browsers record them, end
// where the next part begins that cannot be in them; so all of them are read as one row.
func probeWebM(s *source, found *Inspection) error {
	w := &webm{source: s, found: found, scale: 1_000_000, kinds: map[uint64]bool{}}
	if err := w.walk(0, s.size, 0); err != nil {
		return err
	}
	if w.docType != "webm" {
		return refuse(Unsupported, "%s", matroska)
	}
	if w.clusters == 0 || !w.kinds[1] && !w.kinds[2] {
		return broken("The WebM file has neither pictures nor sound.")
	}
	units := w.duration
	if units <= 0 {
		units = float64(w.last)
	}
	if ns := units * float64(w.scale); ns > 0 && ns < 1e15 {
		found.Duration = time.Duration(ns)
	}
	if !w.kinds[1] {
		found.Kind = Audio
		found.MIMEType = "audio/webm"
		found.ServedType = found.MIMEType
		return nil
	}
	if w.shown[0] > 0 && w.shown[1] > 0 {
		found.Width = w.shown[0]
		found.Height = w.shown[1]
	}
	if found.Width > maxSide || found.Height > maxSide {
		return refuse(TooLarge, "The film is %d × %d pixels; a side may have %s.", found.Width,
			found.Height, thousands(maxSide))
	}
	return nil
}

// walk reads the elements from pos to end.
func (w *webm) walk(pos, end int64, depth int) error {
	for pos < end {
		if err := w.count(); err != nil {
			return err
		}
		start := pos
		id, n, err := w.number(pos, 4, false)
		if err != nil {
			return err
		}
		pos += int64(n)
		value, n, err := w.number(pos, 8, true)
		if err != nil {
			return err
		}
		pos += int64(n)
		size := int64(value)
		if size == unknownSize {
			if id != idSegment && id != idCluster {
				return broken("The WebM file has a part without a size.")
			}
			size = 0 // what is in it is read as what follows
		} else if size > end-pos {
			return errTruncated
		}
		if err := w.strip(id, start, pos, pos+size); err != nil {
			return err
		}
		if err := w.element(id, pos, size, depth); err != nil {
			return err
		}
		pos += size
	}
	return nil
}

// strip takes an element out of what is served if it speaks of the film, its makers or where it was
// made. The element begins at start, and what is in it at pos. It becomes a void of the same size.
func (w *webm) strip(id uint64, start, pos, end int64) error {
	if id == idMuxer || id == idWriter { // must be there
		return w.patch(pos, nil, end)
	}
	if !said[id] && (id < 1<<24 || masters[id] || played[id]) {
		return nil
	}
	n := min(pos-start-1, 8) // bytes of the number that is the size
	head := binary.BigEndian.AppendUint64(nil, uint64(end-start-1-n)|1<<(7*n))
	return w.patch(start, append([]byte{idVoid}, head[8-n:]...), end)
}

// number reads a number of variable length, with or without the bit that says how long it is. All
// ones are an unknown size.
func (w *webm) number(pos int64, most int, size bool) (uint64, int, error) {
	b, err := w.at(pos, 1)
	if err != nil {
		return 0, 0, err
	}
	n := bits.LeadingZeros8(b[0]) + 1
	if n > most {
		return 0, 0, broken("The WebM file has a part that is no part.")
	}
	if b, err = w.at(pos, n); err != nil {
		return 0, 0, err
	}
	value := uint64(0)
	for _, c := range b {
		value = value<<8 | uint64(c)
	}
	if size {
		value &^= 1 << (7 * n)
		if value == 1<<(7*n)-1 {
			return math.MaxUint64, n, nil // unknownSize
		}
	}
	return value, n, nil
}

// element reads one element.
func (w *webm) element(id uint64, pos, size int64, depth int) error {
	if id == idCluster {
		w.clusters++
		if size > 0 && w.duration > 0 {
			return nil
		}
	}
	if masters[id] {
		if depth > 6 {
			return broken("The WebM file is nested too deeply.")
		}
		return w.walk(pos, pos+size, depth+1)
	}
	b, err := w.at(pos, int(min(size, 1024)))
	if err != nil {
		return err
	}
	switch id {
	case idDocType:
		w.docType = string(b)
	case idTitle:
		w.found.Words.Title = string(b)
	case idScale:
		w.scale = unsigned(b)
	case idDuration:
		w.duration = float(b)
	case idTrackType:
		w.kinds[unsigned(b)] = true
	case idWidth:
		w.found.Width = max(w.found.Width, pixelsOf(b))
	case idHeight:
		w.found.Height = max(w.found.Height, pixelsOf(b))
	case idShownWidth:
		w.shown[0] = pixelsOf(b)
	case idShownHeight:
		w.shown[1] = pixelsOf(b)
	case idTimestamp:
		w.cluster = unsigned(b)
		w.last = max(w.last, w.cluster)
	case idSimpleBlock, idBlock:
		if len(b) >= 4 {
			after := int64(int16(binary.BigEndian.Uint16(b[1:])))
			w.last = max(w.last, uint64(max(0, int64(w.cluster)+after)))
		}
	}
	return nil
}

// pixelsOf returns a number of pixels, which is bounded.
func pixelsOf(b []byte) int { return int(min(unsigned(b), 1<<30)) }

// unsigned returns the number in up to eight bytes.
func unsigned(b []byte) uint64 {
	value := uint64(0)
	for _, c := range b[:min(len(b), 8)] {
		value = value<<8 | uint64(c)
	}
	return value
}

func float(b []byte) float64 {
	switch len(b) {
	case 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	case 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return 0
}
