// Package text knows the letters of the world's scripts: how a title becomes a slug, when two names are the same name,
// which title comes first, which way a line runs and how many words it has. It never knows articles, tags, HTTP or SQL,
// and it never changes what an editor wrote: its answers stand beside the text, not in its place.
package text
