// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/** Finds the {@link GrpcConnectionDetails} that count for a client. */
final class ClientServers {

    private final ListableBeanFactory beans;

    ClientServers(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * Those that name the client, or else those for everybody; null if there are none.
     *
     * @throws FailureAnalyzedException if there are several
     */
    @Nullable
    GrpcConnectionDetails detailsFor(String client) {
        Map<String, GrpcConnectionDetails> all = beans.getBeansOfType(GrpcConnectionDetails.class);
        List<String> named = new ArrayList<>();
        List<String> general = new ArrayList<>();
        all.forEach((bean, details) -> {
            if (details.getClients().contains(client)) {
                named.add(bean);
            } else if (details.getClients().isEmpty()) {
                general.add(bean);
            }
        });
        List<String> found = named.isEmpty() ? general : named;
        if (found.size() > 1) {
            throw new FailureAnalyzedException(
                    "The gRPC client '" + client + "' does not know which server to call: there are "
                            + "several connection details for it: " + String.join(", ", found) + ".",
                    "Say which clients each is meant for. On a container of Docker Compose or Testcontainers that is the"
                            + " label " + ServiceLabels.CLIENTS + "=" + client
                            + ", on a bean of your own getClients().");
        }
        return found.isEmpty() ? null : all.get(found.get(0));
    }
}
