package media

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
)

// The boxes of an MP4 file that are served, by where they stand. All others are not needed to play
// it, and may say where, when and by which device it was made: udta, meta, uuid and what makers of
// cameras invent.
const (
	topServed   = "ftyp moov mdat moof mfra sidx styp ssix prft pdin "
	movieServed = "mvhd iods trak mvex "
	trackServed = "tkhd tref edts tapt mdia mdhd hdlr elng minf vmhd smhd hmhd sthd nmhd gmhd dinf " +
		"stbl stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps stsh sdtp stdp padb sbgp " +
		"sgpd subs saiz saio "
	fragmentServed = "tfhd trun tfdt sbgp sgpd sdtp subs saiz saio "
)

// strip makes the box that was met last an empty one of the same size, unless it is one of those
// that are served.
func (m *mp4) strip(served, name string, pos, end int64) error {
	empty := pos == end && strings.Contains("free skip wide ", name+" ")
	if empty || strings.Contains(served, name+" ") {
		return nil
	}
	head, err := m.copyOf(m.start, pos-m.start)
	if err != nil {
		return err
	}
	copy(head[4:], "free")
	return m.patch(m.start, head, end)
}

// playedTracks are the kinds of tracks that are served: pictures, sound, subtitles and time codes.
// Others say where a camera was and how it moved.
const playedTracks = "vide soun text sbtl subt clcp tmcd hint "

// wholeTrack reads a trak box.
func (m *mp4) wholeTrack(pos, end int64) error {
	start, before := m.start, len(m.patches)
	t := &mp4Track{}
	m.tracks = append(m.tracks, t)
	err := m.each(pos, end, func(name string, pos, end int64) error {
		return m.track(t, name, pos, end)
	})
	if err == nil && t.handler == "vide" {
		err = m.emptyCompressors(t)
	}
	if err != nil || strings.Contains(playedTracks, t.handler+" ") {
		return err
	}
	m.unplayed = append(m.unplayed, t)
	m.patches = m.patches[:before]
	m.start = start
	return m.strip("", "trak", pos, end)
}

// emptyDates makes zeros of when something was made and changed, which stands at the beginning of
// an mvhd, tkhd or mdhd box.
func (m *mp4) emptyDates(pos int64) error {
	version, err := m.at(pos, 1)
	if err != nil {
		return err
	}
	size := int64(8)
	if version[0] == 1 {
		size = 16
	}
	return m.patch(pos+4, nil, pos+4+size)
}

// emptyCompressors makes zeros of the names of what packed the pictures of a track.
func (m *mp4) emptyCompressors(t *mp4Track) error {
	const name, nameEnd, whole = 50, 82, 86 // of a visual sample entry (ISO 14496-12, 12.1.3)
	for pos := t.formats[0] + 8; pos+whole <= t.formats[1]; {
		if err := m.count(); err != nil {
			return err
		}
		size, err := m.u32(pos)
		if err != nil || size < whole || int64(size) > t.formats[1]-pos {
			return err
		}
		if err := m.patch(pos+name, nil, pos+nameEnd); err != nil {
			return err
		}
		pos += int64(size)
	}
	return nil
}

// emptySamples makes zeros of what tracks that are not served have in the mdat boxes, and brings
// the patches in order.
func (m *mp4) emptySamples() error {
	for _, t := range m.unplayed {
		if t.sizes == 0 || t.runs == 0 || t.chunks == 0 {
			continue
		}
		if err := m.emptyChunks(t); err != nil {
			return err
		}
	}
	slices.SortStableFunc(m.patches, func(a, b Patch) int {
		return cmp.Compare(a.Offset, b.Offset)
	})
	sorted := m.patches
	m.patches = sorted[:0:0]
	for _, p := range sorted {
		if last := len(m.patches) - 1; last >= 0 && m.patches[last].end() > p.Offset {
			m.patches[last].Zeros += max(0, p.end()-m.patches[last].end()) // both are zeros
			continue
		}
		m.patches = append(m.patches, p)
	}
	return nil
}

// emptyChunks makes zeros of the chunks of a track.
func (m *mp4) emptyChunks(t *mp4Track) error {
	chunks, err := m.u32(t.chunks + 4)
	if err != nil {
		return err
	}
	runs, err := m.u32(t.runs + 4)
	if err != nil {
		return err
	}
	var run, perChunk, sample uint32
	next := uint32(1) // the chunk with which the next run begins
	for chunk := uint32(1); chunk <= chunks; chunk++ {
		if chunk == next && run < runs {
			b, err := m.at(t.runs+8+12*int64(run), 12)
			if err != nil {
				return err
			}
			perChunk = binary.BigEndian.Uint32(b[4:])
			next = math.MaxUint32
			if run++; run < runs {
				if next, err = m.u32(t.runs + 8 + 12*int64(run)); err != nil {
					return err
				}
			}
		}
		size, err := m.chunkSize(t, &sample, perChunk)
		if err != nil {
			return err
		}
		if err := m.emptyData(t, chunk, size); err != nil {
			return err
		}
	}
	return nil
}

// chunkSize returns how many bytes the next n samples of a track have.
func (m *mp4) chunkSize(t *mp4Track, sample *uint32, n uint32) (int64, error) {
	b, err := m.at(t.sizes+4, 8)
	if err != nil {
		return 0, err
	}
	all, count := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	n = min(n, count-min(count, *sample))
	if all != 0 {
		*sample += n
		return int64(all) * int64(n), m.count()
	}
	size := int64(0)
	for range n {
		if err := m.count(); err != nil {
			return 0, err
		}
		one, err := m.u32(t.sizes + 12 + 4*int64(*sample))
		if err != nil {
			return 0, err
		}
		size += int64(one)
		*sample++
	}
	return size, nil
}

// emptyData makes zeros of what a chunk of a track has in an mdat box.
func (m *mp4) emptyData(t *mp4Track, chunk uint32, size int64) error {
	if err := m.count(); err != nil {
		return err
	}
	var at int64
	if t.wide {
		large, err := m.u64(t.chunks + 8 + 8*int64(chunk-1))
		if err != nil {
			return err
		}
		at = int64(min(large, math.MaxInt64))
	} else {
		small, err := m.u32(t.chunks + 8 + 4*int64(chunk-1))
		if err != nil {
			return err
		}
		at = int64(small)
	}
	for _, box := range m.data {
		if at >= box[0] && at < box[1] {
			return m.patch(at, nil, at+min(size, box[1]-at))
		}
	}
	return nil
}
