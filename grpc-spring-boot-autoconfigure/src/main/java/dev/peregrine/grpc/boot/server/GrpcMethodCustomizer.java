// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.server.MethodOptions;

/**
 * Changes how methods are served, after annotations and properties have spoken. Beans of this type are asked, in
 * {@link org.springframework.core.annotation.Order}, about every method of every server when that starts: those of the
 * application and those of the starter, such as health.
 */
@FunctionalInterface
public interface GrpcMethodCustomizer {

    /**
     * The options the method is served with; the ones given if there is nothing to change.
     *
     * @param server the server's name
     * @param options what the beans and properties of the application say of this method
     */
    MethodOptions customize(String server, MethodDescriptor<?, ?> method, MethodOptions options);
}
