// Package auth holds proofs of identity: passwords and their hashes, access tokens, opaque secrets,
// the keys for them, and the throttling of guesses. It knows what a proof looks like and whether
// it holds. It knows nothing of HTTP or SQL, of who a user is or what they may do, or of the time
// of day: time is always an argument.
package auth
