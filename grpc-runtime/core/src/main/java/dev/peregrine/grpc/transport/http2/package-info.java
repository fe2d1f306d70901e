/**
 * HTTP/2: the only room with Netty channels. Connections, their streams, windows and settings; below it frames, above it
 * the waist that {@code dev.peregrine.grpc.transport} describes.
 *
 * <p>Who may come in: whoever starts a server or opens a connection.
 *
 * <p>Thread rule: everything here is confined to the event loop of its connection, without locks and volatile fields, but
 * for what is marked {@code AnyThread}, and for the loops themselves, which all servers and channels share.
 *
 * <p>Start reading at {@code Connection}; what comes in goes from {@code FrameReader} to {@code FrameHandler}, what goes out
 * through {@code HeaderBlocks} and {@code FrameOutput}. The tests {@code rfc9113} and {@code rfc7541} read like those RFCs.
 */
@NullMarked
package dev.peregrine.grpc.transport.http2;

import org.jspecify.annotations.NullMarked;
