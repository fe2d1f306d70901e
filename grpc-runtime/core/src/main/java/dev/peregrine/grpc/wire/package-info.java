/**
 * The grammar of gRPC over HTTP/2, one class per production: bytes and header fields in, words of gRPC out, and back.
 * Nothing here does I/O, knows a channel or owns a thread; everything can be tested with a buffer and a list.
 *
 * <p>Who may come in: the transports, and the calls above them. Applications never see these types.
 *
 * <p>Thread rule: the static utilities may be used by all threads. The objects ({@link
 * dev.peregrine.grpc.wire.RequestHeaders}, {@link dev.peregrine.grpc.wire.ResponseHeaders}, {@link
 * dev.peregrine.grpc.wire.StreamHalves}, {@link dev.peregrine.grpc.wire.MessageDeframer}) belong to one stream, and so to
 * that stream's event loop. Start reading at {@link dev.peregrine.grpc.wire.RequestHeaders} and {@link
 * dev.peregrine.grpc.wire.MessageDeframer}.
 */
@NullMarked
package dev.peregrine.grpc.wire;

import org.jspecify.annotations.NullMarked;
