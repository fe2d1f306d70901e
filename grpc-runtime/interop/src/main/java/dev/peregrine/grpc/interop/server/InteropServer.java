// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.transport.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The interop server: a program, or a server inside the process of a test. It listens on the loopback address only. */
public final class InteropServer {

    private InteropServer() {}

    /** Serves until the process is told to end; exit code 1 if the flags are not understood or the port is taken. */
    public static void main(String[] arguments) throws InterruptedException {
        Server server;
        try {
            ServerFlags flags = ServerFlags.parse(arguments);
            requirePlaintext(flags);
            server = start(flags.port(), flags.face());
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

    /** Better no server than one that is less private than was asked for. */
    static void requirePlaintext(ServerFlags flags) {
        if (flags.tls()) {
            throw new IllegalArgumentException("--use_tls=true: TLS is not available yet; use --use_tls=false");
        }
    }

    /**
     * Starts a server.
     *
     * @param port 0 takes a free one
     * @param more interceptors that go before the official ones
     */
    public static Server start(int port, Face face, ServerInterceptor... more) throws IOException {
        BindableService service = face == Face.BLOCKING ? new BlockingTestService() : new AsyncTestService();
        Server.Builder server = Server.builder()
                .address(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port))
                .limits(Limits.DEFAULT.withMaxMessageSize(Payloads.MAX_MESSAGE_SIZE))
                .service(service);
        for (ServerInterceptor interceptor : more) {
            server.interceptor(interceptor);
        }
        return server.interceptor(EchoMetadata.OFFICIAL)
                .interceptor(Compression.OFFERED)
                .start();
    }
}
