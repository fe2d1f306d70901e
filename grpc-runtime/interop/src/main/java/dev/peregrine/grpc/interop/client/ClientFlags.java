// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Flags;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the client is told on the command line.
 *
 * @param hostOverride the host to name in {@code :authority}; null for that of the server
 * @param additionalMetadata goes out with every call
 */
record ClientFlags(
        String host, int port, @Nullable String hostOverride, String testCase, Metadata additionalMetadata, Face face) {

    static final String USAGE = """
            Usage: client --test_case=NAME [--name=value ...]
              --server_host=HOST                 default localhost
              --server_port=PORT                 default 8080
              --server_host_override=HOST        the host to claim in :authority (default: the server's)
              --use_tls=false                    TLS is not available yet (default false)
              --use_test_ca=true|false           without effect as long as TLS is not available
              --additional_metadata=k:v;k:v      sent with every call
              --face=blocking|async              which face of the generated code makes the calls (default blocking)
              --default_service_account, --oauth_scope, --service_account_key_file
                                                 accepted, without effect: no case here has credentials""";

    private static final Set<String> KNOWN = Set.of(
            "server_host",
            "server_port",
            "server_host_override",
            "test_case",
            "use_tls",
            "use_test_ca",
            "additional_metadata",
            "face",
            "default_service_account",
            "oauth_scope",
            "service_account_key_file");

    /**
     * @throws IllegalArgumentException if the arguments are not understood
     */
    static ClientFlags parse(String[] arguments) {
        Flags flags = Flags.parse(arguments, KNOWN);
        flags.refuseTls();
        flags.bool("use_test_ca", false);
        return new ClientFlags(
                flags.text("server_host", "localhost"),
                flags.port("server_port", 8080, 1),
                flags.text("server_host_override"),
                flags.text("test_case", ""),
                metadata(flags.text("additional_metadata", "")),
                flags.face());
    }

    /** {@code key:value}, several of them apart by semicolons. */
    private static Metadata metadata(String text) {
        Metadata.Builder metadata = Metadata.builder();
        for (String entry : text.split(";")) {
            if (entry.isEmpty()) {
                continue;
            }
            int colon = entry.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--additional_metadata: '" + entry + "' (expected: key:value)");
            }
            metadata.add(MetadataKey.ascii(entry.substring(0, colon)), entry.substring(colon + 1));
        }
        return metadata.build();
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    String target() {
        return endpoint(host);
    }

    /** What goes into {@code :authority}. */
    String authority() {
        return endpoint(hostOverride == null ? host : hostOverride);
    }

    private String endpoint(String name) {
        return (name.indexOf(':') >= 0 ? '[' + name + ']' : name) + ':' + port;
    }
}
