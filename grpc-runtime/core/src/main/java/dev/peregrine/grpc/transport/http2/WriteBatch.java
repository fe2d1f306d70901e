// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** When what was written leaves: at the end of the batch, which is one read or one emptying of the mailbox, else soon. */
final class WriteBatch {

    private final Connection connection;
    private final EventLoop loop;
    private boolean open;
    private boolean scheduled;

    WriteBatch(Connection connection, EventLoop loop) {
        this.connection = connection;
        this.loop = loop;
    }

    void begin() {
        open = true;
    }

    void end() {
        open = false;
        connection.flush();
    }

    /** What was written leaves at the end of the batch, or soon if none is under way. */
    void flushSoon() {
        if (open || scheduled || connection.farewell().hasBegun()) {
            return;
        }
        scheduled = true;
        try {
            loop.execute(() -> {
                scheduled = false;
                connection.flush();
            });
        } catch (RejectedExecutionException loopIsGone) {
            scheduled = false;
        }
    }
}
