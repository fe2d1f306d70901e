// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.tokens;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server on the loopback interface, which hands out {@code token-1}, {@code token-2}, ... for an hour each. */
final class TokenEndpoint implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch open = new CountDownLatch(1);
    final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;
    private volatile String body;
    private volatile boolean held;

    TokenEndpoint() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/token", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** From now on it answers this. */
    TokenEndpoint answering(int status, String body) {
        this.status = status;
        this.body = body;
        return this;
    }

    /** It keeps whoever asks waiting until it is let go. */
    TokenEndpoint holding() {
        held = true;
        return this;
    }

    void letGo() {
        open.countDown();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    /** The registration {@code billing} of an application. */
    String[] registration() {
        String registration = "spring.security.oauth2.client.registration.billing.";
        return new String[] {
            registration + "client-id=us",
            registration + "client-secret=secret",
            registration + "provider=fake",
            registration + "authorization-grant-type=client_credentials",
            "spring.security.oauth2.client.provider.fake.token-uri=" + uri()
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        int number = requests.incrementAndGet();
        try {
            if (held && !open.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it go");
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
        String answer = body != null
                ? body
                : "{\"access_token\":\"token-" + number + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        letGo();
        server.stop(0);
        threads.shutdownNow();
    }
}
