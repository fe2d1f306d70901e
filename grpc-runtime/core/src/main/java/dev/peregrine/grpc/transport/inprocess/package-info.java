/**
 * Calls within a process: the waist of {@code dev.peregrine.grpc.transport} without sockets, frames or ports. What
 * crosses is what crosses on the network, message bytes and header fields, so that a test over this transport finds what
 * a network would find; only HTTP/2 itself is left out.
 *
 * <p>Who may come in: nobody needs to. A server that listens on a {@link dev.peregrine.grpc.InProcessAddress} and a
 * channel to one come here by themselves.
 *
 * <p>Thread rule: a connection, with both its ends and all its calls, belongs to one thread of {@code InProcessThreads}:
 * that of the channel. Whoever calls a method of the waist posts to that thread, even from there, so nothing overtakes
 * and no listener is called from inside another. No locks; what other threads read is atomic. Start reading at
 * {@code InProcessConnection}, then {@code ClientEnd} beside {@code ServerEnd}.
 */
@NullMarked
package dev.peregrine.grpc.transport.inprocess;

import org.jspecify.annotations.NullMarked;
