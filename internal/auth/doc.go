// Package auth holds the proofs of identity: passwords and their hashes, access tokens, opaque secrets, the keys behind
// them, and how guessing is slowed. It knows what a proof looks like and whether it holds; it never knows HTTP, SQL,
// who somebody is or what they may do, nor the time of day: time is always an argument.
package auth
