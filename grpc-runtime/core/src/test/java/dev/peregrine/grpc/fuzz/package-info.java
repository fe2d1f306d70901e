/**
 * What the fuzz tests of all rooms share: how a run is seeded, repeated, watched and made small when it fails, and how
 * frames are made and broken. {@link dev.peregrine.grpc.fuzz.Fuzz} tells how to run more of it.
 */
package dev.peregrine.grpc.fuzz;
