/**
 * Peers that follow a script, frame by frame: one side of an HTTP/2 connection over a real loopback socket, played by
 * the test, so that the other side (our server, or our client) can be shown lawful, unusual and lawless bytes and be
 * watched while it answers.
 *
 * <p>Who may come in: tests. Nothing here imports the runtime, because a witness must not be related to the accused;
 * only Netty's HPACK codec is shared. JUnit is needed by {@link dev.peregrine.grpc.testkit.Peers} and
 * {@link dev.peregrine.grpc.testkit.NoBufferLeaks} alone and is an optional dependency.
 *
 * <p>Thread rule: a {@link dev.peregrine.grpc.testkit.ScriptedPeer} is driven by one thread, the test's. Two daemon
 * threads of its own carry the bytes, so a peer goes on acknowledging and giving credit while the script is busy
 * elsewhere. Everything else is an immutable value, except {@link dev.peregrine.grpc.testkit.FakeTicker}, which is safe
 * to share.
 *
 * <p>Start reading at {@link dev.peregrine.grpc.testkit.ScriptedPeer}, then
 * {@link dev.peregrine.grpc.testkit.Frame}; {@link dev.peregrine.grpc.testkit.GrpcFrames} is the gRPC layer on top.
 */
@NullMarked
package dev.peregrine.grpc.testkit;

import org.jspecify.annotations.NullMarked;
