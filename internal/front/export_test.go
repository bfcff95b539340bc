package front

import "net"

// Parse parses a plain request.
func Parse(b []byte) (r Request, ok bool) {
	ok = r.parse(b)
	return r, ok
}

// Wrap gives a connection of any kind a front, as Accept does with those of TCP.
func (l *Listener) Wrap(c net.Conn) net.Conn { return l.wrap(c) }
