//go:build !linux

package main

import "time"

// cpu is 0: the processor time of another process is not to be had here.
func (s *server) cpu() time.Duration { return 0 }

// peak is 0: the memory of another process is not to be had here.
func (s *server) peak() int64 { return 0 }
