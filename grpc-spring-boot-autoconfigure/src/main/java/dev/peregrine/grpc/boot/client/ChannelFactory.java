// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.boot.migration.LostEncryption;
import dev.peregrine.grpc.boot.migration.OldProperties;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interceptor.CallCredentials;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import dev.peregrine.grpc.transport.HttpProxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Makes channels of connection details, properties, interceptors and customizers, in this order: what comes later counts.
 */
final class ChannelFactory {

    private final ClientSettings settings;
    private final ClientFailures failures;
    private final LostEncryption lost;
    private final ClientServers servers;
    private final ClientEncryption encryption;
    private final ClientEncodings encodings;
    private final ClientInterceptorBeans interceptors;
    private final ObjectProvider<GrpcChannelCustomizer> customizers;

    ChannelFactory(
            ClientSettings settings,
            OldProperties old,
            ClientServers servers,
            ClientEncryption encryption,
            ClientEncodings encodings,
            ClientInterceptorBeans interceptors,
            ObjectProvider<GrpcChannelCustomizer> customizers) {
        this.settings = settings;
        this.failures = new ClientFailures(settings, old);
        this.lost = new LostEncryption(old);
        this.servers = servers;
        this.encryption = encryption;
        this.encodings = encodings;
        this.interceptors = interceptors;
        this.customizers = customizers;
    }

    GrpcClientProperties properties(String name) {
        return settings.of(name);
    }

    /**
     * @throws FailureAnalyzedException if the name has no target, or what is set for it cannot be used
     */
    ManagedChannel make(String name, GrpcClientProperties properties) {
        GrpcConnectionDetails details = servers.detailsFor(name);
        if (details == null || details.getSslBundle() == null) {
            lost.refuseClient(name);
        }
        ManagedChannel.Builder channel = builder(name, details);
        apply(name, properties, details, channel);
        List<ClientInterceptor> beans = interceptors.of(name, properties);
        addInterceptors(properties, beans, channel);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, channel));
        try {
            return SecretsOnTheWay.refuse(name, beans, channel.build());
        } catch (IllegalArgumentException | IllegalStateException unusable) {
            throw failures.unusable(name, unusable);
        }
    }

    private ManagedChannel.Builder builder(String name, @Nullable GrpcConnectionDetails details) {
        if (details != null) {
            try {
                return ManagedChannel.builder(details.getTarget());
            } catch (IllegalArgumentException malformed) {
                throw failures.malformed(name, details, malformed);
            }
        }
        String target = settings.target(name);
        if (target == null) {
            throw failures.missing(name);
        }
        try {
            return ManagedChannel.builder(target);
        } catch (IllegalArgumentException malformed) {
            throw failures.malformed(name, target, malformed);
        }
    }

    private void apply(
            String name,
            GrpcClientProperties properties,
            @Nullable GrpcConnectionDetails details,
            ManagedChannel.Builder channel) {
        channel.limits(properties.limits().toLimits())
                .keepAlive(properties.keepalive().settings())
                .idleTimeout(properties.idleTimeout())
                .connectTimeout(properties.connectTimeout())
                .initialBackoff(properties.initialBackoff());
        encodings.apply(name, properties, channel);
        if (properties.authority() != null) {
            channel.authority(properties.authority());
        }
        String userAgent = settings.userAgent(properties);
        if (userAgent != null) {
            channel.userAgent(userAgent);
        }
        if (properties.transport() != null) {
            channel.socketEngine(properties.transport());
        }
        HttpProxy proxy = properties.proxy().settings();
        if (proxy != null) {
            channel.proxy(proxy);
        } else if (properties.proxy().fromEnvironment()) {
            channel.proxyFromEnvironment();
        }
        encryption.apply(name, properties.ssl(), details, channel);
    }

    private static void addInterceptors(
            GrpcClientProperties properties, List<ClientInterceptor> beans, ManagedChannel.Builder channel) {
        CallDefaults defaults = CallDefaults.of(properties);
        if (beans.stream().anyMatch(CredentialsInterceptor.class::isInstance)) {
            defaults = defaults.without(CallCredentials.AUTHORIZATION);
        }
        if (!defaults.isEmpty()) {
            channel.interceptor(defaults);
        }
        CallPropagation propagation = CallPropagation.of(properties.propagate());
        if (!propagation.isEmpty()) {
            channel.interceptor(propagation);
        }
        beans.forEach(channel::interceptor);
    }
}
