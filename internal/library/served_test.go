package library

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// wav returns a WAV file of a second, with a chunk more.
func wav(chunk string) []byte {
	le := binary.LittleEndian
	b := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"),
		le.AppendUint32(le.AppendUint32(nil, 8000), 16_000)...)
	b = le.AppendUint32(append(b, "\x02\x00\x10\x00data"...), 16_000)
	b = append(append(b, make([]byte, 16_000)...), chunk...)
	le.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func TestSoundIsServedWithoutWhatItSaysOfItself(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	original := wav("bext\x06\x00\x00\x00secret")
	file := f.keep(original, "a.wav")
	if !bytes.Equal(f.read(file.Key), original) || file.Digest != digest(original) {
		t.Error("the original is not what came")
	}
	served := f.read(file.ServedKey)
	want := wav("JUNK\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	if !bytes.Equal(served, want) || file.ServedDigest != digest(want) ||
		file.ServedBytes != int64(len(want)) || file.Patches != nil {
		t.Errorf("what is served is %+v", file)
	}
	for _, plain := range [][]byte{wav(""), want} {
		file = f.keep(plain, "a.wav")
		if file.ServedKey != file.Key || file.ServedDigest != digest(plain) {
			t.Errorf("with nothing to take out, what is served is %+v", file)
		}
	}
}
