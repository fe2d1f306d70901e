// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interceptor.CredentialsInterceptor;
import java.util.List;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Says when the application starts what each call would fail with: credentials that are not sent because they could be read. */
final class SecretsOnTheWay {

    private SecretsOnTheWay() {}

    /**
     * @throws FailureAnalyzedException if the channel is one on which an interceptor refuses to send its credentials
     */
    static ManagedChannel refuse(String client, List<ClientInterceptor> interceptors, ManagedChannel channel) {
        for (ClientInterceptor interceptor : interceptors) {
            if (interceptor instanceof CredentialsInterceptor credentials && !credentials.mayTravelOn(channel)) {
                channel.shutdownNow();
                throw new FailureAnalyzedException(
                        "The gRPC client '" + client + "' has credentials and no encryption: everybody on the way to "
                                + channel.authority() + " could read them.",
                        "Encrypt its calls with " + ClientSettings.property(client, "ssl.enabled") + "=true, or "
                                + ClientSettings.property(client, "ssl.bundle")
                                + ". If nobody can listen, say so with "
                                + ClientSettings.property(client, "credentials.allow-plaintext")
                                + "=true, or allowingPlaintext() where the CredentialsInterceptor is a bean.");
            }
        }
        return channel;
    }
}
