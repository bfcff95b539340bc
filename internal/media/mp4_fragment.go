package media

import (
	"encoding/binary"
	"math"
	"math/bits"
	"time"
)

// index adds up the durations that a segment index (sidx) speaks of.
func (m *mp4) index(pos, end int64) error {
	b, err := m.at(pos, 12)
	if err != nil {
		return err
	}
	timescale := binary.BigEndian.Uint32(b[8:])
	at := pos + 20
	if b[0] != 0 {
		at += 8
	}
	n, err := m.u16(at + 2)
	if err != nil {
		return err
	}
	var sum uint64
	for at += 4; n > 0 && at+12 <= end; n, at = n-1, at+12 {
		d, err := m.u32(at + 4)
		if err != nil {
			return err
		}
		sum += uint64(d)
	}
	m.fragments += uint64(seconds(sum, timescale))
	return nil
}

// fragment adds up the durations of the samples of a fragment of a track (traf).
func (m *mp4) fragment(pos, end int64) error {
	var t *mp4Track
	var standard uint32
	return m.each(pos, end, func(name string, pos, end int64) error {
		if err := m.strip(fragmentServed, name, pos, end); err != nil {
			return err
		}
		switch name {
		case "tfhd":
			head, err := m.at(pos, 8)
			if err != nil {
				return err
			}
			flags := binary.BigEndian.Uint32(head)
			if t = m.byID(binary.BigEndian.Uint32(head[4:])); t != nil {
				standard = t.standard
			}
			at := pos + 8
			if flags&1 != 0 { // where the data lie
				at += 8
			}
			if flags&2 != 0 { // which description
				at += 4
			}
			if flags&8 != 0 {
				standard, err = m.u32(at)
			}
			return err
		case "trun":
			if t != nil {
				return m.run(t, standard, pos, end)
			}
		}
		return nil
	})
}

// run adds up the durations of the samples of a trun box.
func (m *mp4) run(t *mp4Track, standard uint32, pos, end int64) error {
	head, err := m.at(pos, 8)
	if err != nil {
		return err
	}
	flags := binary.BigEndian.Uint32(head)
	n := int64(binary.BigEndian.Uint32(head[4:]))
	if flags&0x100 == 0 {
		t.fragments += uint64(n) * uint64(standard)
		return nil
	}
	at := pos + 8 + 4*int64(bits.OnesCount32(flags&0x5)) // offset of the data, flags of the first
	step := 4 * int64(bits.OnesCount32(flags&0xf00))
	for ; n > 0 && at+4 <= end; n, at = n-1, at+step {
		if err := m.count(); err != nil {
			return err
		}
		d, err := m.u32(at)
		if err != nil {
			return err
		}
		t.fragments += uint64(d)
	}
	return nil
}

// seconds returns a number of units as a duration; none if the units make no sense.
func seconds(units uint64, perSecond uint32) time.Duration {
	if perSecond == 0 || units == math.MaxUint32 || units == math.MaxUint64 {
		return 0
	}
	s := float64(units) / float64(perSecond)
	if s > 1e6 { // eleven days
		return 0
	}
	return time.Duration(s * float64(time.Second))
}

// conclude notes what all boxes together say.
func (m *mp4) conclude() error {
	f := m.found
	f.Duration = seconds(m.duration, m.timescale)
	sound := false
	var film *mp4Track
	var longest time.Duration
	for _, t := range m.tracks {
		switch t.codec {
		case "encv", "enca":
			return refuse(Unsupported, "The film is encrypted: export it without protection.")
		}
		if t.handler == "soun" {
			sound = true
		}
		if t.handler == "vide" && t.codec != "jpeg" && t.codec != "png " && film == nil {
			film = t
		}
		longest = max(longest, seconds(t.duration, t.timescale), seconds(t.fragments, t.timescale))
	}
	if f.Duration == 0 {
		f.Duration = max(longest, time.Duration(m.fragments))
	}
	switch {
	case film != nil:
		f.Width = film.width
		f.Height = film.height
		if f.Width > maxSide || f.Height > maxSide {
			return refuse(TooLarge, "The film is %d × %d pixels; a side may have %s.", f.Width,
				f.Height, thousands(maxSide))
		}
	case sound:
		f.Kind = Audio
		f.MIMEType = "audio/mp4"
		f.Extension = ".m4a"
		f.ServedType = f.MIMEType
		f.ServedExtension = f.Extension
	default:
		return broken("The MP4 file has neither pictures nor sound.")
	}
	return nil
}

// userData reads the words of a film as iTunes writes them.
func (m *mp4) userData(pos, end int64) error {
	return m.each(pos+4, end, func(name string, pos, end int64) error {
		if name != "ilst" {
			return nil
		}
		return m.each(pos, end, m.item)
	})
}

// item reads one of these words.
func (m *mp4) item(name string, pos, end int64) error {
	w := &m.found.Words
	target := map[string]*string{
		"\xa9nam": &w.Title,
		"\xa9ART": &w.Credit,
		"desc":    &w.Caption,
		"\xa9cmt": &w.Caption,
		"cprt":    &w.License,
	}[name]
	if target == nil || *target != "" {
		return nil
	}
	return m.each(pos, end, func(name string, pos, end int64) error {
		if name != "data" || end-pos < 8 || end-pos > longWindow {
			return nil
		}
		b, err := m.at(pos, int(end-pos))
		if err != nil {
			return err
		}
		if b[3] == 1 { // UTF-8
			*target = string(b[8:])
		}
		return nil
	})
}
