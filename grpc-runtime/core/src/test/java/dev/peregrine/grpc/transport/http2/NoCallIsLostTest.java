// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.testkit.LoopbackPorts;
import dev.peregrine.grpc.transport.ConnectionPolicy;
import dev.peregrine.grpc.transport.KeepAlive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that stop, and connections that are too old, under a steady load: what was accepted is answered, the rest moves. */
@Timeout(120)
class NoCallIsLostTest {

    private static final int CALLERS = 8;
    private static final int CALLS_PER_ROUND = 2_000;

    private final Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
    private final List<Server> servers = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();

    private Server start(int port, ConnectionPolicy policy) throws IOException {
        Server server = Server.builder()
                .address(new InetSocketAddress("127.0.0.1", port))
                .connections(policy)
                .service(service())
                .start();
        servers.add(server);
        return server;
    }

    /** Whatever the kind of the call, the answer is each text with "re: ". */
    private ServiceDefinition service() {
        return ServiceBinding.of(
                        ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY, Texts.UPLOAD, Texts.WATCH, Texts.CHAT),
                        new Object())
                .unary(Texts.UNARY, "unary", this::reply)
                .serverStreaming(Texts.WATCH, "watch", (text, out) -> out.write(reply(text)))
                .clientStreaming(Texts.UPLOAD, "upload", texts -> {
                    List<String> replies = new ArrayList<>();
                    texts.forEach(text -> replies.add(reply(text)));
                    return String.join(", ", replies);
                })
                .bidiStreaming(Texts.CHAT, "chat", (texts, out) -> texts.forEach(text -> out.write(reply(text))))
                .build();
    }

    private String reply(String text) {
        connections.add(CallContext.current().peer().remote());
        return "re: " + text;
    }

    /** A call with this text, of each kind by turns. */
    private static void call(ManagedChannel channel, CallOptions options, int number) {
        String text = "call " + number;
        switch (number % 4) {
            case 0 ->
                assertThat(ClientCalls.unary(channel, Texts.UNARY, options, text))
                        .isEqualTo("re: " + text);
            case 1 -> {
                try (var replies = ClientCalls.serverStreaming(channel, Texts.WATCH, options, text)) {
                    assertThat(replies.read()).isEqualTo("re: " + text);
                    assertThat(replies.read()).isNull();
                }
            }
            case 2 -> {
                try (var upload = ClientCalls.clientStreaming(channel, Texts.UPLOAD, options)) {
                    upload.write(text);
                    upload.write("and more");
                    assertThat(upload.finish()).isEqualTo("re: " + text + ", re: and more");
                }
            }
            default -> {
                try (var chat = ClientCalls.bidiStreaming(channel, Texts.CHAT, options)) {
                    chat.write(text);
                    assertThat(chat.read()).isEqualTo("re: " + text);
                    chat.write("and more");
                    assertThat(chat.read()).isEqualTo("re: and more");
                    chat.halfClose();
                    assertThat(chat.read()).isNull();
                }
            }
        }
    }

    /** The system may hold a port for a moment after its socket was closed. */
    private Server startOnceThePortIsFree(int port) throws IOException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                return start(port, ConnectionPolicy.DEFAULT);
            } catch (IOException inUse) {
                if (!String.valueOf(inUse.getMessage()).contains("in use") || System.nanoTime() > giveUp) {
                    throw inUse;
                }
            }
            Thread.onSpinWait();
        }
    }

    private static ManagedChannel channelTo(Server server) {
        return ManagedChannel.builder("127.0.0.1:" + server.port())
                .initialBackoff(Duration.ofMillis(5))
                .build();
    }

    /** Several callers, one call after the other; the latch opens with the last answer. */
    private CountDownLatch load(ManagedChannel channel, CallOptions options, int calls) {
        AtomicInteger left = new AtomicInteger(calls);
        CountDownLatch done = new CountDownLatch(CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(() -> {
                for (int call = left.getAndDecrement(); call > 0; call = left.getAndDecrement()) {
                    try {
                        call(channel, options, call);
                        answered.incrementAndGet();
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                }
                done.countDown();
            });
            caller.setDaemon(true);
            caller.start();
        }
        return done;
    }

    private void awaitAnswers(int count) {
        while (answered.get() < count && failures.isEmpty()) {
            assertThat(Thread.interrupted()).as("the test's time is up").isFalse();
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(Server::close);
    }

    @Test
    void noCallFailsWhileItsServerIsRestartedAgainAndAgain() throws Exception {
        Server server = start(LoopbackPorts.lasting(), ConnectionPolicy.DEFAULT);
        CallOptions options = CallOptions.DEFAULT.withWaitForReady(true).withTimeout(Duration.ofSeconds(30));
        int rounds = 4;
        try (ManagedChannel channel = channelTo(server)) {
            CountDownLatch done = load(channel, options, rounds * CALLS_PER_ROUND);
            for (int round = 0; round < rounds; round++) {
                awaitAnswers(round * CALLS_PER_ROUND + CALLS_PER_ROUND / 2);
                server.shutdown(Duration.ofSeconds(20));
                server = startOnceThePortIsFree(server.port());
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(failures).isEmpty();
        assertThat(answered).hasValue(rounds * CALLS_PER_ROUND);
        assertThat(connections).hasSizeGreaterThanOrEqualTo(rounds + 1);
    }

    @Test
    void noCallFailsWhileConnectionsGrowTooOldAgainAndAgain() throws Exception {
        ConnectionPolicy policy = ConnectionPolicy.DEFAULT.withMaxAge(Duration.ofMillis(20), KeepAlive.NEVER);
        Server server = start(0, policy);
        int calls = 200; // Few: a slow machine gets no more than one by each caller out of a connection.
        int rounds = 0;
        try (ManagedChannel channel = channelTo(server)) {
            do {
                rounds++;
                assertThat(load(channel, CallOptions.DEFAULT, calls).await(60, TimeUnit.SECONDS))
                        .isTrue();
            } while (connections.size() < 5 && rounds < 200);
        }

        assertThat(failures).isEmpty();
        assertThat(answered).hasValue(rounds * calls);
        assertThat(connections).hasSizeGreaterThanOrEqualTo(5);
    }
}
