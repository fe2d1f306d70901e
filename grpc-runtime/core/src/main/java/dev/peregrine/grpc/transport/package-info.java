/**
 * The narrow waist: below it frames, above it calls, across it bytes. A transport hands the server one
 * {@link dev.peregrine.grpc.transport.ServerStream} per call and gives the client one
 * {@link dev.peregrine.grpc.transport.ClientStream} per call; its
 * interfaces do not know HTTP/2, though some settings bear its words.
 *
 * <p>Who may come in: transports implement this room, {@code server} and {@code client} use it. Applications meet what the
 * builders take: {@link dev.peregrine.grpc.transport.Limits}, {@link dev.peregrine.grpc.transport.ConnectionPolicy},
 * {@link dev.peregrine.grpc.transport.KeepAlive}, {@link dev.peregrine.grpc.transport.SocketEngine},
 * {@link dev.peregrine.grpc.transport.HttpProxy}, {@link dev.peregrine.grpc.transport.ProxyProtocol} and
 * {@link dev.peregrine.grpc.transport.TransportProvider}.
 *
 * <p>Public only because {@code server}, {@code client} and the transports are other packages, and nothing to build on:
 * {@link dev.peregrine.grpc.transport.EventDelivery}, {@link dev.peregrine.grpc.transport.SerialEvents},
 * {@link dev.peregrine.grpc.transport.SendLane}, {@link dev.peregrine.grpc.transport.CodecThreads} and
 * {@link dev.peregrine.grpc.transport.TransportThread}.
 *
 * <p>Thread rule: each connection has one thread, a {@link dev.peregrine.grpc.transport.TransportThread}, which must not be
 * blocked. There the transport calls the listeners of the connection and of its streams, in order. The methods of streams
 * may be called from any thread, one call at a time per stream and direction; what they ask for happens in the order they
 * were called. On the connection's own thread it may happen, and be told to the listener, before the method returns.
 *
 * <p>What every transport promises is written down as tests, the package {@code transport.contract} of this module's: a new
 * transport passes them before anything else. Start reading at
 * {@link dev.peregrine.grpc.transport.TransportProvider}.
 */
@NullMarked
package dev.peregrine.grpc.transport;

import org.jspecify.annotations.NullMarked;
