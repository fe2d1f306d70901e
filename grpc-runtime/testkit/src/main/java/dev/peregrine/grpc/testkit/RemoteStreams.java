// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The other side's half of every stream; RFC 9113, sections 5.1 and 8.1.
 *
 * <pre>
 *          HEADERS          HEADERS + END_STREAM, DATA + END_STREAM
 *   (none) ───────► OPEN ──────────────────────────► ENDED
 *     │              │                                 │
 *     └──────────────┴──────────── RST_STREAM ─────────┴──────► RESET
 * </pre>
 */
final class RemoteStreams {

    private enum Half {
        OPEN,
        ENDED,
        RESET
    }

    private final Role remote;
    private final Map<Integer, Half> halves = new HashMap<>();
    private int lastOpenedByRemote;
    private int lastOpenedByUs;

    RemoteStreams(Role remote) {
        this.remote = remote;
    }

    void openedByUs(int streamId) {
        lastOpenedByUs = Math.max(lastOpenedByUs, streamId);
    }

    /** @param unsure whether we may have opened streams by octets that nobody read */
    void received(Frame frame, boolean unsure) throws ProtocolBreach {
        int streamId = frame.streamId();
        if (streamId == 0 || frame instanceof Frame.Priority || frame instanceof Frame.Raw) {
            return;
        }
        Half half = halves.get(streamId);
        if (half == null && !(frame instanceof Frame.Headers) && isIdle(streamId, unsure)) {
            throw new ProtocolBreach("5.1", frame + " on an idle stream");
        }
        if (half == Half.RESET) {
            throw new ProtocolBreach("5.1", frame + " on a stream that its sender has reset");
        }
        if (frame instanceof Frame.RstStream) {
            halves.put(streamId, Half.RESET);
        } else if (frame instanceof Frame.Headers headers) {
            headers(headers, half, unsure);
        } else if (frame instanceof Frame.Data data) {
            if (half != Half.OPEN) {
                throw new ProtocolBreach("5.1", data + (half == null ? " before HEADERS" : " after END_STREAM"));
            }
            if (data.endStream()) {
                halves.put(streamId, Half.ENDED);
            }
        }
    }

    private void headers(Frame.Headers headers, @Nullable Half half, boolean unsure) throws ProtocolBreach {
        if (half == Half.ENDED) {
            throw new ProtocolBreach("5.1", headers + " after END_STREAM");
        }
        if (half == Half.OPEN && !headers.endStream()) {
            throw new ProtocolBreach("8.1", headers + " is a second header block but does not end the stream");
        }
        if (half == null) {
            opened(headers, unsure);
        }
        boolean informational = headers.first(":status").orElse("").startsWith("1");
        if (headers.endStream()) {
            halves.put(headers.streamId(), Half.ENDED);
        } else if (!informational) {
            halves.put(headers.streamId(), Half.OPEN);
        }
    }

    private void opened(Frame.Headers headers, boolean unsure) throws ProtocolBreach {
        int streamId = headers.streamId();
        if (remote == Role.SERVER) {
            if (isIdle(streamId, unsure)) {
                throw new ProtocolBreach("5.1.1", headers + " answers a stream that was never opened");
            }
            return;
        }
        if (streamId % 2 == 0 || streamId <= lastOpenedByRemote) {
            throw new ProtocolBreach(
                    "5.1.1", headers + " opens a stream that is not odd and above the last one, " + lastOpenedByRemote);
        }
        lastOpenedByRemote = streamId;
    }

    private boolean isIdle(int streamId, boolean unsure) {
        if (remote == Role.CLIENT) {
            return streamId > lastOpenedByRemote;
        }
        return !unsure && streamId > lastOpenedByUs;
    }
}
