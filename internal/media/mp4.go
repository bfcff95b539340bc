package media

import (
	"encoding/binary"
	"math"
	"strings"
)

const maxMovie = 64 << 20 // bytes of the box that says what a film is

// topBoxes are the boxes that may stand in an MP4 file itself (ISO 14496-12).
const topBoxes = "ftyp moov mdat free skip wide moof mfra sidx styp ssix prft emsg meta uuid " +
	"pdin udta pnot "

// mp4 is a walk through the boxes of an MP4 file.
type mp4 struct {
	*source
	found     *Inspection
	tracks    []*mp4Track
	timescale uint32 // units of a second
	duration  uint64 // in these units
	fragments uint64 // what sidx boxes say, in nanoseconds
	media     bool   // there is an mdat box
	start     int64  // of the box that was met last
	unplayed  []*mp4Track
	data      [][2]int64 // where mdat boxes begin and end, without their heads
}

type mp4Track struct {
	id        uint32
	handler   string // vide, soun or other
	codec     string
	width     int
	height    int
	timescale uint32
	duration  uint64   // of its media, in its units
	standard  uint32   // duration of a sample where a fragment does not say, in its units
	fragments uint64   // duration of its fragments, in its units
	formats   [2]int64 // where the box begins and ends that describes its samples (stsd)
	sizes     int64    // where the sizes of its samples stand (stsz)
	runs      int64    // where it says how many of them are in a chunk (stsc)
	chunks    int64    // where the offsets of its chunks stand (stco, co64)
	wide      bool     // these have eight bytes
}

// probeMP4 reads the boxes of an MP4 file.
func probeMP4(s *source, found *Inspection) error {
	m := &mp4{source: s, found: found}
	seen := map[string]int{}
	err := m.each(0, s.size, func(name string, pos, end int64) error {
		if !strings.Contains(topBoxes, name+" ") {
			return broken("The MP4 file has a box that may not stand there (%s).", printable(name))
		}
		seen[name]++
		return m.top(name, pos, end)
	})
	if err != nil {
		return err
	}
	if seen["moov"] != 1 || !m.media {
		return broken("The MP4 file lacks its film or what it says of it: it was not saved or " +
			"sent whole.")
	}
	if err := m.emptySamples(); err != nil {
		return err
	}
	return m.conclude()
}

// each calls f for each box from pos to end, which must be where the last one ends. The box is
// what stands from the position that f is given to its end, without the head.
func (m *mp4) each(pos, end int64, f func(name string, pos, end int64) error) error {
	for pos < end {
		if err := m.count(); err != nil {
			return err
		}
		head, err := m.at(pos, 8)
		if err != nil {
			return err
		}
		size := int64(binary.BigEndian.Uint32(head))
		name := string(head[4:])
		body := pos + 8
		switch size {
		case 0: // to the end of the file
			if end != m.size || name != "mdat" {
				return broken("The MP4 file has a box without a size.")
			}
			size = end - pos
		case 1:
			large, err := m.u64(pos + 8)
			if err != nil {
				return err
			}
			if large > math.MaxInt64 {
				return errTruncated
			}
			size = int64(large)
			body = pos + 16
		}
		if size < body-pos {
			return broken("The MP4 file has a box that is smaller than its head.")
		}
		if size > end-pos {
			return errTruncated
		}
		m.start = pos
		if err := f(name, body, pos+size); err != nil {
			return err
		}
		pos += size
	}
	return nil
}

// top reads a box that stands in the file itself.
func (m *mp4) top(name string, pos, end int64) error {
	if err := m.strip(topServed, name, pos, end); err != nil {
		return err
	}
	switch name {
	case "mdat":
		m.media = true
		m.data = append(m.data, [2]int64{pos, end})
	case "sidx":
		return m.index(pos, end)
	case "moov":
		if end-pos > maxMovie {
			return refuse(TooLarge, "The MP4 file says too much of its film.")
		}
		return m.each(pos, end, m.movie)
	case "moof":
		return m.each(pos, end, func(name string, pos, end int64) error {
			if name == "traf" {
				return m.fragment(pos, end)
			}
			return m.strip("mfhd ", name, pos, end)
		})
	}
	return nil
}

// movie reads a box in moov.
func (m *mp4) movie(name string, pos, end int64) error {
	if err := m.strip(movieServed, name, pos, end); err != nil {
		return err
	}
	switch name {
	case "mvhd":
		var err error
		if m.timescale, m.duration, err = m.times(pos); err != nil {
			return err
		}
		return m.emptyDates(pos)
	case "trak":
		if len(m.tracks) == 100 {
			return refuse(TooLarge, "The MP4 file has more than 100 tracks.")
		}
		return m.wholeTrack(pos, end)
	case "mvex":
		return m.each(pos, end, m.extends)
	case "udta":
		return m.each(pos, end, func(name string, pos, end int64) error {
			if name == "meta" {
				return m.userData(pos, end)
			}
			return nil
		})
	}
	return nil
}

// times reads the units and the duration of an mvhd or mdhd box.
func (m *mp4) times(pos int64) (timescale uint32, duration uint64, err error) {
	b, err := m.at(pos, 20)
	if err != nil {
		return 0, 0, err
	}
	if b[0] == 1 {
		if b, err = m.at(pos, 32); err != nil {
			return 0, 0, err
		}
		return binary.BigEndian.Uint32(b[20:]), binary.BigEndian.Uint64(b[24:]), nil
	}
	return binary.BigEndian.Uint32(b[12:]), uint64(binary.BigEndian.Uint32(b[16:])), nil
}

// track reads a box in trak, or in one of the boxes in it.
func (m *mp4) track(t *mp4Track, name string, pos, end int64) error {
	if err := m.strip(trackServed, name, pos, end); err != nil {
		return err
	}
	switch name {
	case "mdia", "minf", "stbl":
		return m.each(pos, end, func(name string, pos, end int64) error {
			return m.track(t, name, pos, end)
		})
	case "tkhd":
		return m.trackHead(t, pos)
	case "mdhd":
		var err error
		if t.timescale, t.duration, err = m.times(pos); err != nil {
			return err
		}
		return m.emptyDates(pos)
	case "hdlr":
		b, err := m.at(pos+8, 4)
		if err != nil {
			return err
		}
		t.handler = string(b)
		if end > pos+24 { // a name, often that of the device
			return m.patch(pos+24, nil, end)
		}
	case "stsd":
		b, err := m.at(pos, 16)
		if err != nil {
			return err
		}
		t.codec = string(b[12:])
		t.formats = [2]int64{pos, end}
	case "stsz":
		t.sizes = pos
	case "stsc":
		t.runs = pos
	case "stco", "co64":
		t.chunks = pos
		t.wide = name == "co64"
	}
	return nil
}

// trackHead reads the number of a track and the size at which it is shown.
func (m *mp4) trackHead(t *mp4Track, pos int64) error {
	version, err := m.at(pos, 1)
	if err != nil {
		return err
	}
	id, rest := int64(12), int64(40) // where they stand after the version
	if version[0] == 1 {
		id, rest = 20, 52
	}
	if t.id, err = m.u32(pos + id); err != nil {
		return err
	}
	b, err := m.at(pos+rest, 44) // a matrix of nine numbers, width, height
	if err != nil {
		return err
	}
	t.width = int(binary.BigEndian.Uint32(b[36:]) >> 16)
	t.height = int(binary.BigEndian.Uint32(b[40:]) >> 16)
	if a, c := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]); a == 0 && c != 0 {
		t.width, t.height = t.height, t.width // a quarter turn
	}
	return m.emptyDates(pos)
}

// extends reads what fragments have in common.
func (m *mp4) extends(name string, pos, end int64) error {
	switch name {
	case "mehd":
		b, err := m.at(pos, 8)
		if err != nil {
			return err
		}
		if b[0] == 0 {
			m.duration = max(m.duration, uint64(binary.BigEndian.Uint32(b[4:])))
			return nil
		}
		d, err := m.u64(pos + 4)
		m.duration = max(m.duration, d)
		return err
	case "trex":
		b, err := m.at(pos, 16)
		if err != nil {
			return err
		}
		if t := m.byID(binary.BigEndian.Uint32(b[4:])); t != nil {
			t.standard = binary.BigEndian.Uint32(b[12:])
		}
	}
	return nil
}

func (m *mp4) byID(id uint32) *mp4Track {
	for _, t := range m.tracks {
		if t.id == id {
			return t
		}
	}
	return nil
}
