// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ManagedChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * The channels of an application, one for each name however many beans use it. None connects before its first call.
 *
 * <p>It is made when the first client is injected, hence before that client's bean is complete, and the container destroys
 * beans in the reverse order: the channels close when their users are gone.
 */
final class GrpcChannels implements AutoCloseable {

    private static final Log log = LogFactory.getLog(GrpcChannels.class);

    /** Closing takes a round trip at most; longer than this, the network is gone and nobody is left to care. */
    private static final long CLOSE_SECONDS = 5;

    private final ClientSettings settings;
    private final TargetComplaints complaints;
    private final ObjectProvider<ClientInterceptor> globalInterceptors;
    private final ObjectProvider<GrpcChannelCustomizer> customizers;
    private final Map<String, ManagedChannel> channels = new HashMap<>();

    GrpcChannels(
            ClientSettings settings,
            ObjectProvider<ClientInterceptor> globalInterceptors,
            ObjectProvider<GrpcChannelCustomizer> customizers) {
        this.settings = settings;
        this.complaints = new TargetComplaints(settings);
        this.globalInterceptors = globalInterceptors;
        this.customizers = customizers;
    }

    /**
     * @throws FailureAnalyzedException if the name has no target, or one that is not understood
     */
    synchronized ManagedChannel named(String name) {
        ManagedChannel channel = channels.get(name);
        if (channel == null) {
            channel = open(name); // may come back here for another name: interceptors may have clients
            channels.put(name, channel);
        }
        return channel;
    }

    private ManagedChannel open(String name) {
        GrpcClientProperties properties = settings.of(name);
        ManagedChannel.Builder channel = builder(name, properties.target()).limits(properties.limits());
        if (properties.authority() != null) {
            channel.authority(properties.authority());
        }
        if (properties.userAgent() != null) {
            channel.userAgent(properties.userAgent());
        }
        channel.interceptor(new CallDefaults(properties.deadline(), Boolean.TRUE.equals(properties.waitForReady())));
        globalInterceptors.orderedStream().forEach(channel::interceptor);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, channel));
        return channel.build();
    }

    private ManagedChannel.Builder builder(String name, @Nullable String target) {
        if (target == null) {
            throw complaints.missing(name);
        }
        try {
            return ManagedChannel.builder(target);
        } catch (IllegalArgumentException malformed) {
            throw complaints.malformed(name, target, malformed);
        }
    }

    @Override
    public synchronized void close() {
        CompletableFuture<?>[] closed = channels.values().stream()
                .map(channel -> channel.shutdownNow().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        channels.clear();
        CompletableFuture.allOf(closed)
                .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
                .join();
        log.debug("Closed " + closed.length + " gRPC channels");
    }
}
