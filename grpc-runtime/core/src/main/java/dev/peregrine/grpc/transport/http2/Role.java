// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;

/** What a connection does differently at its two ends. Confined to the event loop. */
sealed interface Role permits ServerRole, ClientRole {

    /**
     * Whether this end greets as soon as there is a connection. A server listens first: who turns out to speak HTTP/1 gets
     * an answer it can read, and everybody else the greeting in one write with the answer to theirs.
     */
    boolean speaksFirst();

    /** What this end says before anything else. */
    void greet();

    /** The peer's first SETTINGS have come. */
    void handshakeDone();

    /** The peer's SETTINGS have changed. */
    void settingsChanged();

    /** The socket takes more again. */
    void lineIsFree();

    /** A header block is complete. */
    void headers(int streamId, HeaderSink headers, boolean endStream);

    /** The header block of this stream was larger than we accept; it was decoded and dropped. */
    void headersTooLarge(int streamId, boolean endStream);

    /** Whether frames may come on this stream though it is not, or no more, open: the stream was used before. */
    boolean wasUsed(int streamId);

    void goAway(int lastStreamId, long errorCode, String debug);

    /** A PING has come, which will be answered. */
    void ping();

    void pingAck(long payload);

    /** The connection is about to be closed, or lost: no stream may be opened from now on. */
    void ending(Status why);

    /** A stream has ended. */
    void streamEnded();

    /** The connection is gone, and every stream has ended. */
    void closed(Status why);

    /** The last stream that was opened, by whichever end; grows with every call. */
    int lastStreamId();

    /** Whether no more calls are opened, because one of the ends has said so. */
    boolean isDraining();

    /** Whether there is no call, not even one under way to this role. */
    boolean isIdle();

    /** The last stream this end has accepted, for GOAWAY. */
    int lastAccepted();
}
