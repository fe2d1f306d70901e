// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop;

import static dev.peregrine.grpc.interop.TestCertificates.SERVER_NAME;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.tls.TlsTrust;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What is between the two ends of a test, in the words of both libraries. With TLS the server has a certificate of
 * {@link TestCertificates}, and clients, which connect to 127.0.0.1, insist on its name.
 */
public enum Security {
    PLAINTEXT,
    TLS;

    /** For our server; null for plaintext. */
    public ServerTls ofServer() {
        try {
            return this == PLAINTEXT
                    ? null
                    : ServerTls.of(TlsIdentity.ofPem(TestCertificates.serverChain(), TestCertificates.serverKey()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Our channel to this port of 127.0.0.1. */
    public ManagedChannel channel(int port) {
        ManagedChannel.Builder channel =
                ManagedChannel.builder("127.0.0.1:" + port).limits(Payloads.LIMITS);
        try {
            return this == PLAINTEXT
                    ? channel.build()
                    : channel.tls(ClientTls.trusting(TlsTrust.ofPem(TestCertificates.authority())))
                            .authority(SERVER_NAME)
                            .build();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** For the server of grpc-java. */
    ServerCredentials ofGrpcJavaServer() throws IOException {
        return this == PLAINTEXT
                ? InsecureServerCredentials.create()
                : TlsServerCredentials.create(
                        TestCertificates.serverChain().toFile(),
                        TestCertificates.serverKey().toFile());
    }

    /** grpc-java's channel to this port of 127.0.0.1. */
    NettyChannelBuilder grpcJavaChannel(int port) throws IOException {
        return this == PLAINTEXT
                ? NettyChannelBuilder.forAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                : NettyChannelBuilder.forAddress(
                                "127.0.0.1",
                                port,
                                TlsChannelCredentials.newBuilder()
                                        .trustManager(
                                                TestCertificates.authority().toFile())
                                        .build())
                        .overrideAuthority(SERVER_NAME);
    }

    /** As the names of tests have it. */
    @Override
    public String toString() {
        return this == PLAINTEXT ? "plaintext" : "TLS";
    }
}
