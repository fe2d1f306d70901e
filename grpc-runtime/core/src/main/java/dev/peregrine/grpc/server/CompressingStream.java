// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.codec.Deflation;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.SendLane;
import dev.peregrine.grpc.transport.ServerStream;
import java.util.function.Consumer;

/** A stream whose responses are compressed; stands between the call and its stream, for those calls only. */
final class CompressingStream implements ServerStream {

    private final ServerStream stream;
    private final MessageEncoding encoding;
    private final SendLane lane;
    private boolean plain;

    /**
     * @param onReady runs on the connection's thread when more may be sent again
     * @param onFailure hears why a response that waited could not be sent; the call is to end
     * @param plain see {@link #sendPlain}
     */
    CompressingStream(
            ServerStream stream,
            MessageEncoding encoding,
            Runnable onReady,
            Consumer<Throwable> onFailure,
            boolean plain) {
        this.stream = stream;
        this.encoding = encoding;
        this.lane = new SendLane(this::compress, () -> stream.execute(onReady), onFailure);
        this.plain = plain;
    }

    /** Whether messages from now on are sent as they are. */
    void sendPlain(boolean plain) {
        this.plain = plain;
    }

    private OutboundMessage<?> compress(OutboundMessage<?> message) {
        byte[] compressed = Deflation.compress(encoding, message.length(), message::writeTo);
        return compressed.length == 0 ? message : OutboundMessage.compressed(compressed);
    }

    @Override
    public Peer peer() {
        return stream.peer();
    }

    @Override
    public void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers) {
        if (plain) {
            lane.step(() -> stream.reply(headers, message, trailers));
        } else {
            lane.message(message, compressed -> stream.reply(headers, compressed, trailers));
        }
    }

    @Override
    public void headers(Metadata headers) {
        lane.step(() -> stream.headers(headers));
    }

    @Override
    public void write(OutboundMessage<?> message) {
        if (plain) {
            lane.step(() -> stream.write(message));
        } else {
            lane.message(message, stream::write);
        }
    }

    @Override
    public void end(Status status, Metadata trailers) {
        lane.step(() -> stream.end(status, trailers));
    }

    @Override
    public void request(int messages) {
        stream.request(messages);
    }

    @Override
    public boolean isReady() {
        return lane.isClear() && stream.isReady();
    }
}
