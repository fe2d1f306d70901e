// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static dev.peregrine.grpc.transport.http2.TlsScript.answer;
import static dev.peregrine.grpc.transport.http2.TlsScript.clientTls;
import static dev.peregrine.grpc.transport.http2.TlsScript.serverTls;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.testkit.ErrorCode;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcFrames;
import dev.peregrine.grpc.testkit.GrpcResponse;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.tls.TlsProvider;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How batches, back-pressure and farewells pass through TLS. */
@Timeout(60)
class TlsDataPathTest {

    @RegisterExtension
    final TlsScript script = new TlsScript();

    @RegisterExtension
    final TextsServer server = new TextsServer();

    @RegisterExtension
    final ConnectionLog log = new ConnectionLog();

    // ---- batches ----

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aReplyIsOneRecord(TlsProvider provider) throws Exception {
        server.nonBlocking();
        TlsWiretap tap = script.closeLater(new TlsWiretap(script.serve(server, serverTls(provider))));
        ManagedChannel channel = script.channel(tap.port(), clientTls(provider));
        for (int i = 0; i < 3; i++) { // Then windows, settings and tickets are out of the way.
            answer(channel, "warm-up");
        }
        tap.records.clear();

        assertThat(answer(channel, "hi")).isEqualTo("re: hi");
        assertThat(tap.records).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aLargeReplyIsCutIntoFullRecords(TlsProvider provider) throws Exception {
        TlsWiretap tap = script.closeLater(new TlsWiretap(script.serve(server, serverTls(provider))));
        ManagedChannel channel = script.channel(tap.port(), clientTls(provider));
        answer(channel, "warm-up");
        answer(channel, "warm-up");
        tap.records.clear();
        String large = "x".repeat(1_000_000);

        assertThat(answer(channel, large)).isEqualTo("re: " + large);
        long full = tap.records.stream().filter(length -> length > 16_000).count();
        assertThat(full).as("full records among %s", tap.records).isGreaterThan(50);
        assertThat(tap.records.size()).isLessThan(150);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aPeerThatDoesNotReadHoldsTheWriterBack(TlsProvider provider) throws Exception {
        AtomicInteger written = new AtomicInteger();
        String chunk = "x".repeat(100_000);
        server.watch((text, out) -> {
            while (written.get() < 1_000) {
                out.write(chunk);
                written.incrementAndGet();
            }
        });
        int port = script.serve(server, serverTls(provider));
        SSLSocket socket = script.dial(port, null, "h2");
        socket.setReceiveBufferSize(16_000);
        socket.startHandshake();
        try (ScriptedPeer peer = ScriptedPeer.asClient(socket).withoutWindowUpdates()) {
            peer.handshake(new Frame.Settings());
            peer.send(GrpcFrames.request(1, TextsServer.WATCH), TextsServer.lastText(1, "go"));
            peer.expectHeaders(1);
            peer.expectData(1);
            peer.pingBarrier();

            assertThat(written.get()).isLessThan(10);
        }
    }

    // ---- farewells ----

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "NATIVE, TLSv1.2", "NATIVE, TLSv1.3"})
    void theLastWordsOfAnErrorArriveThoughMoreWasUnderWay(TlsProvider provider, String version) throws Exception {
        ScriptedPeer peer = greet(script.serve(server, serverTls(provider).withProtocols(version)));
        Frame[] storm = new Frame[200];
        storm[0] = new Frame.Data(0, GrpcFrames.message(new byte[10]), false);
        for (int i = 1; i < storm.length; i++) {
            storm[i] = new Frame.Ping(false, i);
        }
        peer.send(storm);

        peer.expectGoAway(ErrorCode.PROTOCOL_ERROR);
        peer.expectClosed(); // By close_notify: a bare end of the socket would be an exception of the JDK's.
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "NATIVE, TLSv1.2", "NATIVE, TLSv1.3"})
    void aServerThatShutsDownLetsCallsEndAndSaysGoodBye(TlsProvider provider, String version) throws Exception {
        ScriptedPeer peer = greet(script.serve(server, serverTls(provider).withProtocols(version)));
        peer.send(GrpcFrames.request(1, TextsServer.CHAT), TextsServer.text(1, "one"));
        peer.expectHeaders(1);
        CompletionStage<Void> done = server.server().shutdown(Duration.ofSeconds(10));
        peer.expectGoAway(ErrorCode.NO_ERROR);
        peer.send(TextsServer.lastText(1, "two"));

        assertThat(TextsServer.texts(GrpcResponse.collect(peer, 1))).contains("re: two");
        peer.expectClosed();
        peer.close();
        done.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void aServerThatIsClosedDoesNotWaitForAHandshake(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider));
        SSLSocket silent = script.dial(port, null, "h2"); // Connected, and says nothing.
        answer(script.channel(port, clientTls(provider)), "the silent one was accepted before");
        CompletionStage<Void> done = server.server().shutdown(Duration.ZERO);

        done.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(silent.isConnected()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"JDK, TLSv1.2", "JDK, TLSv1.3", "NATIVE, TLSv1.2", "NATIVE, TLSv1.3"})
    void aPeerThatSaysGoodByeAndLeavesItsSocketOpenIsClosed(TlsProvider provider, String version) throws Exception {
        int port = script.serve(server, serverTls(provider).withProtocols(version));
        SSLSocket socket = script.dial(port, null, "h2");
        socket.startHandshake();
        ScriptedPeer peer = script.closeLater(ScriptedPeer.asClient(socket)).handshake();
        socket.shutdownOutput();

        peer.expectClosed();
    }

    // ---- what HTTP/2 does not allow ----

    @ParameterizedTest
    @EnumSource(names = {"JDK", "NATIVE"})
    void renegotiationCostsTheConnection(TlsProvider provider) throws Exception {
        int port = script.serve(server, serverTls(provider).withProtocols("TLSv1.2"));
        SSLSocket socket = script.dial(port, null, "h2");
        socket.startHandshake();
        ScriptedPeer peer = script.closeLater(ScriptedPeer.asClient(socket)).handshake();
        peer.pingBarrier();
        socket.startHandshake(); // Again.

        peer.expectClosed();
        assertThat(log.loud()).isEmpty();
    }

    private ScriptedPeer greet(int port) throws Exception {
        SSLSocket socket = script.dial(port, null, "h2");
        socket.startHandshake();
        return script.closeLater(ScriptedPeer.asClient(socket)).handshake();
    }
}
