// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.Flags;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.tls.ClientTls;
import dev.peregrine.grpc.tls.TlsTrust;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the client is told on the command line.
 *
 * @param hostOverride the host to name in {@code :authority}, and to find in the server's certificate; null for that of the
 *     server
 * @param tls null for plaintext
 * @param additionalMetadata goes out with every call
 */
record ClientFlags(
        String host,
        int port,
        @Nullable String hostOverride,
        @Nullable ClientTls tls,
        String testCase,
        Metadata additionalMetadata,
        SoakPlan soak,
        Face face) {

    static final String USAGE = """
            Usage: client --test_case=NAME [--name=value ...]
              --server_host=HOST                 default localhost
              --server_port=PORT                 default 8080
              --server_host_override=HOST        the host to claim in :authority, and with TLS the one that the server's
                                                 certificate must be made out to (default: the server's)
              --use_tls=true|false               whether the connection is encrypted (default false)
              --use_test_ca=true|false           with TLS: trust the authority of --ca_file, instead of those that the
                                                 Java runtime trusts (default false)
              --ca_file=FILE                     the certificate of the test authority, in PEM
              --additional_metadata=k:v;k:v      sent with every call
              --soak_iterations=N                calls of the soak cases and of long_lived_channel (default 10)
              --soak_max_failures=N              (default 0)
              --soak_per_iteration_max_acceptable_latency_ms=MILLIS    (default 1000)
              --soak_min_time_ms_between_rpcs=MILLIS                   (default 0)
              --soak_overall_timeout_seconds=SECONDS                   (default 10)
              --soak_request_size=BYTES          (default 271828)
              --soak_response_size=BYTES         (default 314159)
              --soak_num_threads=N               (default 1)
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
            "ca_file",
            "additional_metadata",
            "soak_iterations",
            "soak_max_failures",
            "soak_per_iteration_max_acceptable_latency_ms",
            "soak_min_time_ms_between_rpcs",
            "soak_overall_timeout_seconds",
            "soak_request_size",
            "soak_response_size",
            "soak_num_threads",
            "face",
            "default_service_account",
            "oauth_scope",
            "service_account_key_file");

    /**
     * @throws IllegalArgumentException if the arguments are not understood, or a file they name cannot be used
     */
    static ClientFlags parse(String[] arguments) {
        Flags flags = Flags.parse(arguments, KNOWN);
        return new ClientFlags(
                flags.text("server_host", "localhost"),
                flags.port("server_port", 8080, 1),
                flags.text("server_host_override"),
                tls(flags),
                flags.text("test_case", ""),
                metadata(flags.text("additional_metadata", "")),
                soak(flags),
                flags.face());
    }

    private static @Nullable ClientTls tls(Flags flags) {
        boolean testCa = flags.bool("use_test_ca", false);
        if (!flags.bool("use_tls", false)) {
            return null;
        }
        if (!testCa) {
            return ClientTls.systemRoots();
        }
        try {
            return ClientTls.trusting(TlsTrust.ofPem(flags.file("ca_file", "--use_test_ca=true")));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("--ca_file: it cannot be read: " + unreadable, unreadable);
        }
    }

    private static SoakPlan soak(Flags flags) {
        int most = Integer.MAX_VALUE;
        return new SoakPlan(
                flags.number("soak_iterations", 10, 1, most),
                flags.number("soak_max_failures", 0, 0, most),
                Duration.ofMillis(flags.number("soak_per_iteration_max_acceptable_latency_ms", 1000, 1, most)),
                Duration.ofMillis(flags.number("soak_min_time_ms_between_rpcs", 0, 0, most)),
                Duration.ofSeconds(flags.number("soak_overall_timeout_seconds", 10, 1, most)),
                flags.number("soak_request_size", UnaryCases.REQUEST_SIZE, 0, Payloads.MAX_MESSAGE_SIZE),
                flags.number("soak_response_size", UnaryCases.RESPONSE_SIZE, 0, Payloads.MAX_MESSAGE_SIZE),
                flags.number("soak_num_threads", 1, 1, 1000));
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
