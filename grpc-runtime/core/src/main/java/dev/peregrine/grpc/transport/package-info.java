/**
 * The narrow waist: below it frames, above it calls, across it bytes. A transport hands the server one
 * {@link dev.peregrine.grpc.transport.ServerStream} per call and gives the client one
 * {@link dev.peregrine.grpc.transport.ClientStream} per call; nothing here knows HTTP/2.
 *
 * <p>Who may come in: transports implement this room, {@code server} and {@code client} use it; applications only meet
 * {@link dev.peregrine.grpc.transport.Limits} and what they choose sockets and proxies with.
 *
 * <p>Thread rule: a transport calls every listener of one stream on one thread, in order, and that thread must not be
 * blocked. The methods of streams may be called from any thread, one call at a time per stream and direction. Start
 * reading at {@link dev.peregrine.grpc.transport.TransportProvider}.
 */
@NullMarked
package dev.peregrine.grpc.transport;

import org.jspecify.annotations.NullMarked;
