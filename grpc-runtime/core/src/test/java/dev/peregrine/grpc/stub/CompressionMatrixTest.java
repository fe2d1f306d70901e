// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.ForwardingListener;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.codec.MessageEncodings;
import dev.peregrine.grpc.codec.zstd.ZstdEncoding;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who can read what, and what comes of it: our client and our server, each with encodings of its own. */
@Timeout(60)
class CompressionMatrixTest {

    private static final String MESSAGE = "repeat ".repeat(30_000);

    private static MessageEncodings of(String names) {
        MessageEncodings encodings = MessageEncodings.NONE;
        if (names.contains("gzip")) {
            encodings = MessageEncodings.DEFAULT;
        }
        return names.contains("zstd") ? encodings.with(ZstdEncoding.DEFAULT) : encodings;
    }

    /** Answers each request with the request, behind a word on how it came. */
    private static Server serve(String encodings, String compression) throws IOException {
        return Server.builder()
                .address(new InetSocketAddress("127.0.0.1", 0))
                .encodings(none -> of(encodings))
                .compression(compression)
                .service(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                        .unary(
                                Texts.UNARY,
                                "unary",
                                text -> (CallContext.current().isRequestCompressed() ? "compressed " : "plain ") + text)
                        .build())
                .start();
    }

    private record Seen(AtomicBoolean compressed) implements ClientInterceptor {
        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return new ForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    super.start(
                            new ForwardingListener<>(listener) {
                                @Override
                                public void onMessage(R response) {
                                    compressed.set(isResponseCompressed());
                                    super.onMessage(response);
                                }
                            },
                            headers);
                }
            };
        }
    }

    private static String outcome(Supplier<String> call) {
        try {
            return call.get();
        } catch (StatusException failure) {
            return failure.status().code() == StatusCode.UNIMPLEMENTED ? "UNIMPLEMENTED" : failure.toString();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // client's, its default | server's, its default | request, response
                "gzip      | -    | gzip      | -    | plain         | plain",
                "gzip      | gzip | gzip      | -    | compressed    | plain",
                "gzip      | -    | gzip      | gzip | plain         | compressed",
                "gzip      | gzip | gzip      | gzip | compressed    | compressed",
                "zstd      | zstd | gzip,zstd | gzip | compressed    | plain",
                "gzip,zstd | gzip | gzip,zstd | zstd | compressed    | compressed",
                "gzip,zstd | zstd | gzip,zstd | zstd | compressed    | compressed",
                "none      | -    | gzip      | gzip | plain         | plain",
                "gzip      | -    | none      | -    | plain         | plain",
                "gzip      | gzip | none      | -    | UNIMPLEMENTED | -",
                "gzip,zstd | zstd | gzip      | gzip | UNIMPLEMENTED | -",
            })
    void eachSideCompressesWhatTheOtherCanRead(
            String ofClient, String clients, String ofServer, String servers, String request, String response)
            throws IOException {
        AtomicBoolean compressed = new AtomicBoolean();
        try (Server server = serve(ofServer, servers);
                ManagedChannel channel = ManagedChannel.builder("127.0.0.1:" + server.port())
                        .encodings(none -> of(ofClient))
                        .compression(clients)
                        .build()) {
            CallOptions options = CallOptions.DEFAULT.withInterceptors(new Seen(compressed));

            String blocking = outcome(() -> ClientCalls.unary(channel, Texts.UNARY, options, MESSAGE));
            assertThat(blocking).startsWith(request);
            if (response != null) {
                assertThat(blocking).isEqualTo(request + " " + MESSAGE);
                assertThat(compressed.get() ? "compressed" : "plain").isEqualTo(response);
                assertThat(AsyncClientCalls.unary(channel, Texts.UNARY, options, MESSAGE)
                                .toCompletableFuture()
                                .join())
                        .isEqualTo(blocking);
            }
        }
    }
}
