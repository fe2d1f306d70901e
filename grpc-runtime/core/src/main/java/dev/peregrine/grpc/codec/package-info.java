/**
 * Between bytes and messages: the encodings that make messages smaller, the bounds on what they may unpack to, and the
 * decoder that turns a call's bytes into messages. Functions on bytes; no streams, no headers, no connections.
 *
 * <p>Who may come in: {@code server} and {@code client}; applications that choose encodings
 * ({@link dev.peregrine.grpc.codec.MessageEncodings}) or bring one ({@link dev.peregrine.grpc.codec.MessageEncoding}).
 *
 * <p>Thread rule: encodings and their registries may be used by all threads at once; what belongs to a call says so. Start
 * reading at {@link dev.peregrine.grpc.codec.MessageEncoding}.
 */
@NullMarked
package dev.peregrine.grpc.codec;

import org.jspecify.annotations.NullMarked;
