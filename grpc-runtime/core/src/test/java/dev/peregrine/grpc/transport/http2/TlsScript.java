// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Peer;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsProvider;
import dev.peregrine.grpc.tls.TlsSource;
import dev.peregrine.grpc.transport.Limits;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The cast of a test of TLS: an authority, a server with the certificate of localhost, channels, and sockets of the JDK
 * that play the other end. What is opened is closed after the test.
 */
final class TlsScript implements AfterEachCallback {

    static final TestPki PKI = TestPki.named("The Authority");
    static final TestPki STRANGERS = TestPki.named("Strangers");
    static final X509Bundle LOCALHOST = PKI.localhost();
    static final X509Bundle ALICE = PKI.issue("alice", made -> made.addExtendedKeyUsageClientAuth());

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Who called, in turn, as the server's handlers saw them. */
    final BlockingQueue<Peer> callers = new LinkedBlockingQueue<>();

    static ServerTls serverTls(TlsProvider provider) {
        return ServerTls.of(TestPki.identity(LOCALHOST)).withProvider(provider);
    }

    static ClientTls clientTls(TlsProvider provider) {
        return ClientTls.trusting(PKI.trust()).withProvider(provider);
    }

    /** Starts the server; Unary answers "re: " and the text. */
    int serve(TextsServer server, ServerTls tls) {
        return serve(server, TlsSource.of(tls));
    }

    /** As {@link #serve(TextsServer, ServerTls)}, with settings that the test replaces. */
    int serve(TextsServer server, TlsSource<ServerTls> tls) {
        server.builder().tls(tls);
        server.unary(text -> {
            callers.add(CallContext.current().peer());
            return "re: " + text;
        });
        return server.server().port();
    }

    ManagedChannel channel(int port, ClientTls tls) {
        return channel("localhost", port, builder -> builder.tls(tls));
    }

    ManagedChannel channel(String host, int port, UnaryOperator<ManagedChannel.Builder> change) {
        ManagedChannel channel =
                change.apply(ManagedChannel.builder(host + ":" + port)).build();
        open.add(channel);
        return channel;
    }

    static CompletableFuture<String> call(ManagedChannel channel, String text) {
        return AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, text)
                .toCompletableFuture();
    }

    static String answer(ManagedChannel channel, String text) {
        return ClientScript.answerTo(call(channel, text));
    }

    /** What a call on this channel fails with. */
    static StatusException failure(ManagedChannel channel) {
        return ClientScript.failureOf(call(channel, "hi"));
    }

    Peer caller() throws InterruptedException {
        Peer caller = callers.poll(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (caller == null) {
            throw new AssertionError("nobody called");
        }
        return caller;
    }

    // ---- sockets of the JDK ----

    /** A client that offers these protocols by ALPN; the handshake is the test's to start. */
    SSLSocket dial(int port, X509Bundle certificate, String... alpn) throws IOException {
        SSLSocket socket = (SSLSocket) PKI.jdkContext(certificate)
                .getSocketFactory()
                .createSocket(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        socket.setSSLParameters(parameters);
        socket.setSoTimeout((int) ScriptedPeer.PATIENCE.toMillis());
        open.add(socket);
        return socket;
    }

    /** A server that knows these protocols by ALPN. */
    SSLServerSocket listen(X509Bundle certificate, String... alpn) throws IOException {
        SSLServerSocket listener = (SSLServerSocket) PKI.jdkContext(certificate)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        SSLParameters parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        listener.setSSLParameters(parameters);
        listener.setSoTimeout((int) ScriptedPeer.PATIENCE.toMillis());
        open.add(listener);
        return listener;
    }

    /** The next connection, after the handshake of TLS. */
    Future<SSLSocket> accept(SSLServerSocket listener) {
        CompletableFuture<SSLSocket> accepted = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        SSLSocket socket = (SSLSocket) listener.accept();
                        socket.setSoTimeout((int) ScriptedPeer.PATIENCE.toMillis());
                        socket.startHandshake();
                        accepted.complete(socket);
                    } catch (IOException | RuntimeException failure) {
                        accepted.completeExceptionally(failure);
                    }
                },
                "tls-acceptor");
        thread.setDaemon(true);
        thread.start();
        return accepted;
    }

    <C extends AutoCloseable> C closeLater(C thing) {
        open.add(thing);
        return thing;
    }

    static <T> T get(Future<T> future) throws Exception {
        try {
            return future.get(ScriptedPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(failed.getCause());
        }
    }

    static Limits quick(Limits limits) {
        return limits.withHandshakeTimeout(Duration.ofMillis(300));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        open.clear();
    }
}
