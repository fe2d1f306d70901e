// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

public interface BindableService {
    ServiceDefinition bind();
}
