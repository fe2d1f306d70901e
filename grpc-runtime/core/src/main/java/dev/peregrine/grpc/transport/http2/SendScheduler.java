// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.util.ArrayDeque;
import java.util.Deque;

/** Shares the connection's window among the streams that have data waiting: one frame each, in turn. */
final class SendScheduler {

    private final FrameOutput output;
    private final SendWindow connectionWindow;
    private final PeerSettings peer;
    private final Deque<SendingStream> ready = new ArrayDeque<>();

    SendScheduler(FrameOutput output, SendWindow connectionWindow, PeerSettings peer) {
        this.output = output;
        this.connectionWindow = connectionWindow;
        this.peer = peer;
    }

    /** The stream has data, and perhaps a window for it. */
    void add(SendingStream stream) {
        if (stream.markScheduled(true)) {
            ready.add(stream);
        }
    }

    void remove(SendingStream stream) {
        if (stream.markScheduled(false)) {
            ready.remove(stream);
        }
    }

    /** Sends until the streams, their windows, the connection's window or the socket's patience are exhausted. */
    void run() {
        while (!ready.isEmpty() && connectionWindow.available() > 0 && output.isWritable()) {
            SendingStream stream = ready.remove();
            stream.markScheduled(false);
            if (stream.sendFromQueue(output, connectionWindow, peer.maxFrameSize())) {
                add(stream);
            }
        }
    }
}
