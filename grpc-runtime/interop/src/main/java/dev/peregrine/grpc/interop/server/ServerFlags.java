// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.server;

import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Flags;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the server is told on the command line.
 *
 * @param port 0 takes a free one
 * @param tls null for plaintext
 */
record ServerFlags(int port, @Nullable ServerTls tls, Face face) {

    static final String USAGE = """
            Usage: server [--name=value ...]
              --port=PORT            port of 127.0.0.1 to listen on, 0 takes a free one (default 8080)
              --use_tls=true|false   whether connections are encrypted (default false)
              --tls_cert_file=FILE   with TLS: the server's certificate, and those that lead to its authority, in PEM
              --tls_key_file=FILE    with TLS: the key of that certificate, in PEM, PKCS#8, not encrypted
              --face=blocking|async  which face of the generated code implements the service (default blocking)""";

    private static final Set<String> KNOWN = Set.of("port", "use_tls", "tls_cert_file", "tls_key_file", "face");

    /**
     * @throws IllegalArgumentException if the arguments are not understood, or a file they name cannot be used
     */
    static ServerFlags parse(String[] arguments) {
        Flags flags = Flags.parse(arguments, KNOWN);
        return new ServerFlags(flags.port("port", 8080, 0), tls(flags), flags.face());
    }

    private static @Nullable ServerTls tls(Flags flags) {
        if (!flags.bool("use_tls", false)) {
            return null;
        }
        Path certificate = flags.file("tls_cert_file", "--use_tls=true");
        Path key = flags.file("tls_key_file", "--use_tls=true");
        try {
            return ServerTls.of(TlsIdentity.ofPem(certificate, key));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "--tls_cert_file, --tls_key_file: one cannot be read: " + unreadable, unreadable);
        }
    }
}
