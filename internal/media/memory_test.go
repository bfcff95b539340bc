package media

import "runtime/metrics"

// allocated returns how many bytes this process has allocated on its heap in all.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
