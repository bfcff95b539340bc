// Package cms is a fixture.
package cms
