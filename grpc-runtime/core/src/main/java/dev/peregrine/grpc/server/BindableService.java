// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

/** A service written by an application: generated service interfaces extend this. */
public interface BindableService {

    /** The service's methods, tied to this object. */
    ServiceDefinition bind();
}
