// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import dev.peregrine.grpc.ServiceDescriptor;
import java.util.List;

/** @param bindings what generated code bound, in words and in order */
public record ServiceDefinition(ServiceDescriptor descriptor, List<String> bindings) {}
