package front

// Plain reads a request in plain form.
func Plain(b []byte) (r Request, ok bool) { ok = r.read(b); return r, ok }
