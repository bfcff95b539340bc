//go:build !unix

package main

import "time"

var began = time.Now()

// cpu is the time that has passed, where the processor time is not to be had.
func cpu() time.Duration { return time.Since(began) }
