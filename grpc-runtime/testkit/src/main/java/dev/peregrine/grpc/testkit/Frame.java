// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One frame of HTTP/2 (RFC 9113, section 6), as a value. The records say what a frame means; none of them checks
 * whether it is lawful to send it. What they cannot express (a wrong length, a reserved bit, a flag that the type does
 * not know) is written as {@link Raw}, or as bytes with {@link ScriptedPeer#sendRaw}.
 *
 * <p>{@code toString} is the frame's line in the {@linkplain Transcript transcript}.
 */
public sealed interface Frame {

    /** The stream it belongs to; 0 is the connection. */
    int streamId();

    /**
     * @param padding octets that count for flow control beyond the payload: 0 means not padded; 1 is the pad length
     *     octet alone; at most 256
     */
    record Data(int streamId, Octets payload, boolean endStream, int padding) implements Frame {

        public Data(int streamId, Octets payload, boolean endStream) {
            this(streamId, payload, endStream, 0);
        }

        public Data(int streamId, byte[] payload, boolean endStream) {
            this(streamId, Octets.of(payload), endStream, 0);
        }

        /** What this frame takes from both windows: payload, padding and the pad length octet; section 6.9.1. */
        public int flowControlledLength() {
            return payload.length() + padding;
        }

        @Override
        public String toString() {
            return FrameText.of("DATA", streamId, payload, FrameText.padding(padding), FrameText.endStream(endStream));
        }
    }

    /**
     * A whole header block, whatever number of frames carried it.
     *
     * @param headers in the order of the wire
     * @param padding as in {@link Data}
     * @param continuations how many CONTINUATION frames follow the HEADERS frame; on sending, the block is cut into
     *     pieces of nearly equal size, some of them empty if there are more pieces than octets
     */
    record Headers(int streamId, List<Header> headers, boolean endStream, int padding, int continuations)
            implements Frame {

        public Headers {
            headers = List.copyOf(headers);
        }

        public Headers(int streamId, List<Header> headers, boolean endStream) {
            this(streamId, headers, endStream, 0, 0);
        }

        /** The first value under exactly this name. */
        public Optional<String> first(String name) {
            return Header.first(headers, name);
        }

        /** The same, with this field as the last one. */
        public Headers plus(String name, String value) {
            List<Header> more = new ArrayList<>(headers);
            more.add(new Header(name, value));
            return withHeaders(more);
        }

        /** The same, with this value in the place of the first field of that name; appended if there is none. */
        public Headers with(String name, String value) {
            List<Header> changed = new ArrayList<>(headers);
            for (int i = 0; i < changed.size(); i++) {
                if (changed.get(i).name().equals(name)) {
                    changed.set(i, new Header(name, value));
                    return withHeaders(changed);
                }
            }
            return plus(name, value);
        }

        /** The same, less every field of that name. */
        public Headers without(String name) {
            return withHeaders(headers.stream()
                    .filter(header -> !header.name().equals(name))
                    .toList());
        }

        /** The same, as the last frame of its sender on the stream. */
        public Headers andEndStream() {
            return new Headers(streamId, headers, true, padding, continuations);
        }

        public Headers withPadding(int octets) {
            return new Headers(streamId, headers, endStream, octets, continuations);
        }

        public Headers withContinuations(int frames) {
            return new Headers(streamId, headers, endStream, padding, frames);
        }

        private Headers withHeaders(List<Header> others) {
            return new Headers(streamId, others, endStream, padding, continuations);
        }

        @Override
        public String toString() {
            return FrameText.of(
                    "HEADERS",
                    streamId,
                    headers,
                    FrameText.padding(padding),
                    continuations == 0 ? "" : "+" + continuations + " CONTINUATION",
                    FrameText.endStream(endStream));
        }
    }

    /** @param weight 1 to 256, one more than the octet on the wire */
    record Priority(int streamId, int dependency, boolean exclusive, int weight) implements Frame {

        @Override
        public String toString() {
            return FrameText.of(
                    "PRIORITY", streamId, "on " + dependency, "weight " + weight, exclusive ? "EXCLUSIVE" : "");
        }
    }

    /** @param errorCode unsigned 32 bits; see {@link ErrorCode} */
    record RstStream(int streamId, long errorCode) implements Frame {

        @Override
        public String toString() {
            return FrameText.of("RST_STREAM", streamId, ErrorCode.nameOf(errorCode));
        }
    }

    /** @param values by identifier (see {@link Setting}), unsigned 32 bits, in the order of the wire */
    record Settings(boolean ack, Map<Integer, Long> values) implements Frame {

        public static final Settings ACK = new Settings(true, Map.of());

        public Settings {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /** No setting: everything as the RFC's defaults have it. */
        public Settings() {
            this(false, Map.of());
        }

        /** The same with this setting as the last one. */
        public Settings with(int identifier, long value) {
            Map<Integer, Long> more = new LinkedHashMap<>(values);
            more.put(identifier, value);
            return new Settings(ack, more);
        }

        @Override
        public int streamId() {
            return 0;
        }

        @Override
        public String toString() {
            return values.entrySet().stream()
                    .map(entry -> Setting.nameOf(entry.getKey()) + "=" + entry.getValue())
                    .collect(Collectors.joining(", ", ack ? "SETTINGS(ACK" : "SETTINGS(", ")"));
        }
    }

    record PushPromise(int streamId, int promisedStreamId, List<Header> headers) implements Frame {

        public PushPromise {
            headers = List.copyOf(headers);
        }

        @Override
        public String toString() {
            return FrameText.of("PUSH_PROMISE", streamId, "promises " + promisedStreamId, headers);
        }
    }

    record Ping(boolean ack, long payload) implements Frame {

        @Override
        public int streamId() {
            return 0;
        }

        @Override
        public String toString() {
            return "PING(" + (ack ? "ACK, " : "") + "0x" + Long.toHexString(payload) + ")";
        }
    }

    /**
     * @param errorCode unsigned 32 bits; see {@link ErrorCode}
     * @param debugText the opaque debug data, read as UTF-8
     */
    record GoAway(int lastStreamId, long errorCode, String debugText) implements Frame {

        @Override
        public int streamId() {
            return 0;
        }

        @Override
        public String toString() {
            return "GOAWAY(last " + lastStreamId + ", " + ErrorCode.nameOf(errorCode)
                    + (debugText.isEmpty() ? "" : ", \"" + debugText + "\"") + ")";
        }
    }

    record WindowUpdate(int streamId, int increment) implements Frame {

        @Override
        public String toString() {
            return FrameText.of("WINDOW_UPDATE", streamId, "+" + increment);
        }
    }

    /**
     * A piece of a header block. Only sent: on arrival it has become part of {@link Headers}. To send a block in
     * pieces of your own making, begin it with a {@link Raw} HEADERS frame and the octets of
     * {@link ScriptedPeer#encodeHeaderBlock}.
     */
    record Continuation(int streamId, Octets fragment, boolean endHeaders) implements Frame {

        @Override
        public String toString() {
            return FrameText.of("CONTINUATION", streamId, fragment, endHeaders ? "END_HEADERS" : "");
        }
    }

    /**
     * A frame by its octets. On arrival: a type that this kit does not know. On sending: anything at all.
     *
     * @param type one octet; see {@link FrameType}
     * @param flags one octet; see {@link FrameFlag}
     * @param streamId all 32 bits: a negative number sets the reserved bit
     */
    record Raw(int type, int flags, int streamId, Octets payload) implements Frame {

        /** As it stands on the wire: nine octets of header, then the payload; section 4.1. */
        public Octets octets() {
            return octetsClaiming(payload.length());
        }

        /** The same with a length field that says something else. */
        public Octets octetsClaiming(int length) {
            byte[] header = {
                (byte) (length >>> 16),
                (byte) (length >>> 8),
                (byte) length,
                (byte) type,
                (byte) flags,
                (byte) (streamId >>> 24),
                (byte) (streamId >>> 16),
                (byte) (streamId >>> 8),
                (byte) streamId
            };
            return Octets.of(header).plus(payload);
        }

        @Override
        public String toString() {
            return "RAW "
                    + FrameText.of(FrameType.nameOf(type), streamId, "flags 0x" + Integer.toHexString(flags), payload);
        }
    }
}
