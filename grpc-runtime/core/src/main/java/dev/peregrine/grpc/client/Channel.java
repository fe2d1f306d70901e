// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;

/** Something that calls can be made on: a {@link ManagedChannel}, or one behind interceptors. Safe for all threads. */
public interface Channel {

    /** A new call, not yet started. */
    <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options);

    /** The name of the server in {@code :authority}. */
    String authority();
}
