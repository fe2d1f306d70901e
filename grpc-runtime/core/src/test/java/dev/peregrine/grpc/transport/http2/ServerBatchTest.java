// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.FrameFlag;
import dev.peregrine.grpc.testkit.FrameType;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.Octets;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.Limits;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.ServerStream;
import dev.peregrine.grpc.transport.ServerStreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the socket sees: how many writes, and how full it looks. */
class ServerBatchTest {

    /** For any number of pings. */
    private static final ConnectionPolicy POLICY = ConnectionPolicy.DEFAULT.withPermittedPings(Duration.ZERO, true);

    /** Static table only: ":method POST", ":scheme http", then literals. */
    private static final Octets REQUEST_BLOCK =
            Octets.hex("83 86").plus(literal(4, "/t/T")).plus(literal(31, "application/grpc"));

    private static final Octets PING = new Frame.Raw(FrameType.PING, 0, 0, Octets.zeros(8)).octets();

    /** Whether calls are answered with headers alone, which no window holds back. */
    private boolean refusing;

    private final Line line = new Line();
    private final EmbeddedChannel channel = new EmbeddedChannel(line);

    @BeforeEach
    void shakeHands() {
        channel.pipeline()
                .addLast(new Connection(
                        channel,
                        Limits.DEFAULT,
                        true,
                        Clock.SYSTEM,
                        connection -> new ServerRole(
                                connection, POLICY, (head, stream) -> new Echo(stream, refusing), closed -> {})));
        say(Octets.latin1("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .plus(new Frame.Raw(FrameType.SETTINGS, 0, 0, Octets.EMPTY).octets()));
        written();
    }

    @AfterEach
    void close() {
        line.letThrough(Integer.MAX_VALUE);
        channel.finishAndReleaseAll();
    }

    @Test
    void aUnaryReplyIsOneWrite() {
        say(call(1));

        assertThat(written()).containsExactly("HEADERS 1, DATA 1, HEADERS 1");
    }

    @Test
    void theRepliesToEverythingThatOneReadBroughtAreOneWrite() {
        say(call(1).plus(call(3)));

        assertThat(written()).containsExactly("HEADERS 1, DATA 1, HEADERS 1, HEADERS 3, DATA 3, HEADERS 3");
    }

    /** A download that fills the line makes it look stuck; a client that also pings now and then is no flood. */
    @Test
    void answersWaitForAPeerOnlyUntilTheLineMovesAgain() {
        int limit = Limits.DEFAULT.maxQueuedControlFrames();
        for (int i = 0; i < 3; i++) {
            fillLine(true);
            for (int j = 0; j < limit; j++) {
                say(PING);
            }
            fillLine(false);
        }
        assertThat(written()).hasSize(3 * limit).allMatch("PING 0"::equals);

        fillLine(true);
        for (int j = 0; j < limit + 1; j++) {
            say(PING);
        }
        line.letThrough(Integer.MAX_VALUE);

        assertThat(written()).hasSize(limit + 1).last().isEqualTo("GOAWAY 0");
    }

    /** Each answer that it takes lets it make the next call, so there are always as many on the line as it may have open. */
    @Test
    void aClientThatTakesItsAnswersMayMakeAnyNumberOfCallsOverALineThatIsAlwaysFull() {
        int most = Limits.DEFAULT.maxConcurrentCalls();
        refusing = true;
        fillLine(true);
        int stream = 1;
        for (int open = 0; open < most; open++, stream += 2) {
            say(call(stream));
        }
        for (int taken = 0; taken < 3 * most; taken++, stream += 2) {
            line.letThrough(1);
            say(call(stream));
        }

        assertThat(written()).noneMatch("GOAWAY 0"::equals).hasSizeGreaterThan(2 * most);
    }

    private void fillLine(boolean full) {
        line.full = full;
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !full);
        if (!full) {
            line.letThrough(Integer.MAX_VALUE);
        }
        channel.runPendingTasks();
    }

    /** What stands between a connection and its peer; while it is full, what is written waits. */
    private static final class Line extends ChannelOutboundHandlerAdapter {

        private record Write(Object bytes, ChannelPromise promise) {}

        private final Deque<Write> waiting = new ArrayDeque<>();
        private @Nullable ChannelHandlerContext channel;
        boolean full;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            channel = ctx;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
            if (full) {
                waiting.add(new Write(bytes, promise));
            } else {
                ctx.write(bytes, promise);
            }
        }

        /** The peer takes this many writes that are not empty. */
        void letThrough(int writes) {
            for (int left = writes; left > 0 && !waiting.isEmpty(); ) {
                Write next = waiting.remove();
                left -= ((ByteBuf) next.bytes()).isReadable() ? 1 : 0;
                Objects.requireNonNull(channel).writeAndFlush(next.bytes(), next.promise());
            }
        }
    }

    /** One line for each write, naming its frames. */
    private List<String> written() {
        List<String> writes = new ArrayList<>();
        for (ByteBuf write = channel.readOutbound(); write != null; write = channel.readOutbound()) {
            List<String> frames = new ArrayList<>();
            while (write.isReadable()) {
                int length = write.readUnsignedMedium();
                String type = FrameType.nameOf(write.readUnsignedByte());
                write.skipBytes(1);
                frames.add(type + " " + write.readInt());
                write.skipBytes(length);
            }
            write.release();
            if (!frames.isEmpty()) {
                writes.add(String.join(", ", frames));
            }
        }
        return writes;
    }

    private void say(Octets octets) {
        channel.writeInbound(Unpooled.wrappedBuffer(octets.toArray()));
    }

    private static Octets call(int streamId) {
        return new Frame.Raw(FrameType.HEADERS, FrameFlag.END_HEADERS, streamId, REQUEST_BLOCK)
                .octets()
                .plus(new Frame.Raw(FrameType.DATA, FrameFlag.END_STREAM, streamId, GrpcFrames.message((byte) 'x'))
                        .octets());
    }

    /** A literal field without indexing whose name is in the static table (RFC 7541, 6.2.2). */
    private static Octets literal(int name, String value) {
        Octets start = name < 15 ? Octets.of((byte) name) : Octets.of((byte) 15, (byte) (name - 15));
        return start.plus(Octets.of((byte) value.length())).plus(Octets.latin1(value));
    }

    /** Answers in place. */
    private record Echo(ServerStream stream, boolean refuses) implements ServerStreamListener {

        Echo {
            stream.request(1);
        }

        @Override
        public void onMessage(ByteBuf message, boolean compressed) {}

        @Override
        public void onHalfClosed() {
            if (refuses) {
                stream.end(Status.of(StatusCode.UNAUTHENTICATED), Metadata.EMPTY);
                return;
            }
            stream.reply(Metadata.EMPTY, new OutboundMessage<>(new Texts(), "re"), Metadata.EMPTY);
        }

        @Override
        public void onReady() {}

        @Override
        public void onClosed(@Nullable Status failure) {}
    }
}
