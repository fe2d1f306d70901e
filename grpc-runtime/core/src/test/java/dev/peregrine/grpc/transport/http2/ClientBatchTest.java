// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.transport.CallHead;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ClientStreamListener;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import dev.peregrine.grpc.transport.OutboundMessage;
import dev.peregrine.grpc.transport.Resend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many writes, and how many octets, calls cost. */
class ClientBatchTest {

    private static final int HEADERS = 1;
    private static final int FRAME_HEADER = 9;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private ClientConnection connection;

    @BeforeEach
    void connect() {
        ConnectOptions options = ConnectOptions.of("test-agent");
        channel.pipeline()
                .addLast(new Connection(
                        channel,
                        options.limits(),
                        false,
                        Clock.SYSTEM,
                        created -> new ClientRole(
                                created, options, new KeepAlivePace(options.keepAlive()), new ConnectionListener() {
                                    @Override
                                    public void onReady(ClientConnection ready) {
                                        connection = ready;
                                    }

                                    @Override
                                    public void onDraining() {}

                                    @Override
                                    public void onClosed(Status why) {}
                                })));
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex("000000" + "04" + "00" + "00000000")));
        writes();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void theHeadersAndTheOnlyMessageOfACallLeaveInOneWrite() {
        open("hi");

        assertThat(writes()).hasSize(1).first().asString().endsWith("0000000002" + "6869");
    }

    @Test
    void callsThatAreOpenedTogetherLeaveInOneWrite() {
        connection.open(head(), message("a"), 2, new Deaf());
        connection.open(head(), message("b"), 2, new Deaf());
        connection.open(head(), message("c"), 2, new Deaf());
        channel.runPendingTasks();

        assertThat(writes()).hasSize(1);
    }

    @Test
    void fromTheSecondCallOnEveryUsualHeaderIsOneOctet() {
        open("hi");
        writes();
        open("hi");

        byte[] write = HexFormat.of().parseHex(writes().get(0));
        assertThat(write[3]).isEqualTo((byte) HEADERS);
        assertThat(write[2]).as("length of the block").isEqualTo((byte) 7);
        assertThat(write[FRAME_HEADER + 7 + 3]).as("type of the next frame").isEqualTo((byte) 0);
    }

    /** Headers are not flow-controlled: nothing but this keeps them from piling up before a server that does not read. */
    @Test
    void callsWaitWhileTheLineIsFullAndLeaveWhenItMoves() {
        fillLine(true);
        open("hi");
        assertThat(writes()).isEmpty();

        fillLine(false);

        assertThat(writes()).hasSize(1).first().asString().endsWith("0000000002" + "6869");
    }

    private void fillLine(boolean full) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, !full);
        channel.runPendingTasks();
    }

    private void open(String text) {
        connection.open(head(), message(text), 2, new Deaf());
        channel.runPendingTasks();
    }

    private List<String> writes() {
        List<String> writes = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            writes.add(ByteBufUtil.hexDump(out));
            out.release();
        }
        return writes;
    }

    private static CallHead head() {
        return new CallHead(Texts.UNARY.path(), "localhost:1", null, Metadata.EMPTY);
    }

    private static OutboundMessage<String> message(String text) {
        return new OutboundMessage<>(new Texts(), text);
    }

    private static final class Deaf implements ClientStreamListener {
        @Override
        public void onHeaders(Metadata headers) {}

        @Override
        public void onMessage(ByteBuf message, boolean compressed) {}

        @Override
        public void onReady() {}

        @Override
        public void onClosed(Status status, Metadata trailers, Resend resend) {}
    }
}
