// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.codec.Deflation;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.SendLane;
import java.util.function.Consumer;

/** Compresses the requests of one call; made for those calls only. For the thread that sends. */
final class RequestCompression {

    private final MessageEncoding encoding;
    private final SendLane lane;

    /**
     * @param onClear runs on another thread when requests that waited have gone out
     * @param onFailure hears, on another thread, why one of them could not; the call is to end
     */
    RequestCompression(MessageEncoding encoding, Runnable onClear, Consumer<Throwable> onFailure) {
        this.encoding = encoding;
        this.lane = new SendLane(
                message -> Deflation.compress(encoding, message.length(), message::writeTo), onClear, onFailure);
    }

    String name() {
        return encoding.name();
    }

    /** Whether messages from now on are sent as they are. */
    void sendPlain(boolean plain) {
        lane.sendPlain(plain);
    }

    /** Compresses the request, unless it is to be plain, and passes it on. */
    void message(OutboundMessage<?> message, Consumer<OutboundMessage<?>> next) {
        lane.message(message, next);
    }

    /** Does something else, behind the requests. */
    void step(Runnable step) {
        lane.step(step);
    }

    /** Whether nothing waits to be compressed; from any thread. */
    boolean isClear() {
        return lane.isClear();
    }
}
