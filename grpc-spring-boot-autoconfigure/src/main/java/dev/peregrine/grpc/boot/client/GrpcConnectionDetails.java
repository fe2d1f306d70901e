// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where clients call, from somebody who knows it better than the properties: a container that was started for a test or
 * by Docker Compose, or a bean of the application. It wins over {@code grpc.client.<name>.target}; everything else stays
 * as the properties say.
 */
public interface GrpcConnectionDetails extends ConnectionDetails {

    /**
     * The clients this is meant for, by the names under {@code grpc.client}. Empty, as by default, for all clients that
     * nobody names.
     */
    default Set<String> getClients() {
        return Set.of();
    }

    /** Server to call, as {@code grpc.client.<name>.target} writes it. */
    String getTarget();

    /**
     * Makes calls encrypted by this bundle, whatever {@code grpc.client.<name>.ssl} says, {@code ssl.enabled=false} too. It is
     * asked for when the client is made, and not followed when it is reloaded; a bundle of {@code ssl.bundle} is. Null, as by
     * default, leaves encryption to {@code grpc.client.<name>.ssl}.
     */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }
}
