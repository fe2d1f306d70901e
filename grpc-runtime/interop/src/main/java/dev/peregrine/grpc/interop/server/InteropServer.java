// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The interop server: a program, or a server inside the process of a test. It listens on the loopback address only. */
public final class InteropServer {

    private InteropServer() {}

    /** Serves until the process is told to end; exit code 1 if the flags cannot be followed or the port is taken. */
    public static void main(String[] arguments) throws InterruptedException {
        Server server;
        try {
            ServerFlags flags = ServerFlags.parse(arguments);
            server = start(flags.port(), flags.face(), flags.tls());
        } catch (IllegalArgumentException notUnderstood) {
            System.err.println(notUnderstood.getMessage());
            System.err.println(ServerFlags.USAGE);
            System.exit(1);
            return;
        } catch (IOException failure) {
            System.err.println("cannot listen: " + failure.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "interop-shutdown"));
        System.out.println("listening on 127.0.0.1:" + server.port());
        server.awaitTermination();
    }

    /**
     * Starts a server that speaks plaintext.
     *
     * @param port 0 takes a free one
     * @param more interceptors that go before the official ones
     */
    public static Server start(int port, Face face, ServerInterceptor... more) throws IOException {
        return startWith(port, face, null, more);
    }

    /**
     * Starts a server.
     *
     * @param port 0 takes a free one
     * @param tls null for plaintext
     * @param more interceptors that go before the official ones
     */
    public static Server start(int port, Face face, @Nullable ServerTls tls, ServerInterceptor... more)
            throws IOException {
        return startWith(port, face, tls == null ? null : TlsSource.of(tls), more);
    }

    /**
     * As {@link #start(int, Face, ServerTls, ServerInterceptor...)}, with settings of TLS that may be replaced while the server
     * runs.
     */
    public static Server startWith(int port, Face face, @Nullable TlsSource<ServerTls> tls, ServerInterceptor... more)
            throws IOException {
        BindableService service = face == Face.BLOCKING ? new BlockingTestService() : new AsyncTestService();
        Server.Builder server = Server.builder()
                .address(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port))
                .limits(Payloads.LIMITS)
                .service(service);
        if (tls != null) {
            server.tls(tls);
        }
        for (ServerInterceptor interceptor : more) {
            server.interceptor(interceptor);
        }
        return server.interceptor(EchoMetadata.OFFICIAL)
                .interceptor(Compression.OFFERED)
                .start();
    }
}
