// Package media knows what is in files: pictures, sound, film and documents.
//
// [Inspector.Inspect] finds out by its bytes what a file is, whatever it is called, and refuses
// what it does not wholly understand: a file is walked from its first byte to its last, and what
// stands in it is counted, before anything is decoded. Of a picture it makes the served picture:
// upright, in sRGB, without metadata, and small enough for a page. Of sound, film and
// PDF documents it notes what is to be blanked that they say of themselves.
//
// [Inspector.WithPicture] makes pictures of other sizes, shapes and formats from a served picture.
//
// The memory that pictures in work take is bounded for all of them together: see [Options].
//
// Nothing here knows where files lie or what a medium is used for.
package media
