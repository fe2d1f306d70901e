// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.codec.Deflation;
import dev.peregrine.grpc.codec.MessageEncoding;
import dev.peregrine.grpc.transport.CompressibleServerStream;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.SendLane;
import org.jspecify.annotations.Nullable;

/** A stream whose responses are compressed; stands between the call and its stream, for those calls only. */
final class CompressingStream implements CompressibleServerStream {

    private final CompressibleServerStream stream;
    private final SendLane lane;

    /**
     * @param onReady runs on the connection's thread when more may be sent again
     * @param onFailure runs on the connection's thread when a response that waited could not be sent; the call is to end
     * @param plain see {@link #sendPlain}
     */
    CompressingStream(
            CompressibleServerStream stream,
            MessageEncoding encoding,
            Runnable onReady,
            Runnable onFailure,
            boolean plain) {
        this.stream = stream;
        this.lane = new SendLane(
                message -> Deflation.compress(encoding, message.length(), message::writeTo),
                () -> stream.execute(onReady),
                logged -> stream.execute(onFailure));
        lane.sendPlain(plain);
    }

    /** Whether messages from now on are sent as they are. */
    void sendPlain(boolean plain) {
        lane.sendPlain(plain);
    }

    @Override
    public Peer peer() {
        return stream.peer();
    }

    @Override
    public void reply(Metadata headers, OutboundMessage<?> message, Metadata trailers) {
        lane.message(message, compressed -> stream.reply(headers, compressed, trailers));
    }

    @Override
    public void headers(Metadata headers) {
        lane.step(() -> stream.headers(headers));
    }

    @Override
    public void write(OutboundMessage<?> message) {
        lane.message(message, stream::write);
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
    public void requestSole() {
        stream.requestSole();
    }

    @Override
    public void hold(boolean held) {
        stream.hold(held);
    }

    @Override
    public void execute(Runnable task) {
        stream.execute(task);
    }

    @Override
    public void encodings(@Nullable String responses, String accepted) {
        stream.encodings(responses, accepted);
    }

    @Override
    public boolean isReady() {
        return lane.isClear() && stream.isReady();
    }
}
