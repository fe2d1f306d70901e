// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.MethodDescriptor;
import java.util.function.Function;

/**
 * A service as it was given to the server.
 *
 * @param definition what is served
 * @param options how each of its methods is
 */
record ServedService(ServiceDefinition definition, Function<MethodDescriptor<?, ?>, MethodOptions> options) {}
