// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.Bytes;
import dev.peregrine.grpc.transport.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * How a client reaches its server. The same properties exist under {@code grpc.client.<name>} and under
 * {@code grpc.client.default}; what a name does not set, the default does. Hence everything may be null here.
 *
 * @param target Server to call, as host:port or dns:///host:port. Empty is the same as not set.
 * @param authority Name that the server is called by in :authority. Host and port of the target, if not set.
 * @param userAgent Product token that goes before the runtime's own in user-agent.
 * @param deadline Time that a call may take, unless the caller sets a deadline. Unlimited, if not set.
 * @param waitForReady Whether calls wait while the server cannot be reached, instead of failing with UNAVAILABLE.
 * @param maxInboundMessageSize Largest message that is accepted from the server. 4MB, if not set.
 * @param maxInboundMetadataSize Largest set of response headers or trailers that is accepted from the server, counted as
 * HTTP/2 does. 8KB, if not set.
 */
@ConfigurationProperties("grpc.client.default")
record GrpcClientProperties(
        @Nullable String target,
        @Nullable String authority,
        @Nullable String userAgent,
        @Nullable Duration deadline,
        @Nullable Boolean waitForReady,
        @Nullable DataSize maxInboundMessageSize,
        @Nullable DataSize maxInboundMetadataSize) {

    static final GrpcClientProperties NONE = new GrpcClientProperties(null, null, null, null, null, null, null);

    GrpcClientProperties {
        if (target != null && target.isBlank()) {
            target = null;
        }
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
        }
        limits(maxInboundMessageSize, maxInboundMetadataSize);
    }

    /** These, and where they say nothing, the others. */
    GrpcClientProperties over(GrpcClientProperties others) {
        return new GrpcClientProperties(
                first(target, others.target),
                first(authority, others.authority),
                first(userAgent, others.userAgent),
                first(deadline, others.deadline),
                first(waitForReady, others.waitForReady),
                first(maxInboundMessageSize, others.maxInboundMessageSize),
                first(maxInboundMetadataSize, others.maxInboundMetadataSize));
    }

    Limits limits() {
        return limits(maxInboundMessageSize, maxInboundMetadataSize);
    }

    private static Limits limits(@Nullable DataSize messageSize, @Nullable DataSize metadataSize) {
        Limits limits = Limits.DEFAULT;
        if (messageSize != null) {
            limits = limits.withMaxMessageSize(Bytes.ofMessage("max-inbound-message-size", messageSize));
        }
        if (metadataSize != null) {
            limits = limits.withMaxMetadataSize(Bytes.ofMetadata("max-inbound-metadata-size", metadataSize));
        }
        return limits;
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
        return own != null ? own : other;
    }
}
