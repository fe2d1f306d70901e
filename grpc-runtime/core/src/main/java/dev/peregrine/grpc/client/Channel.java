// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import dev.peregrine.grpc.MethodDescriptor;

/** Something that calls can be made on: a {@link ManagedChannel}, or one behind interceptors. Safe for all threads. */
public interface Channel {

    /** A new call, not yet started. */
    <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options);

    /** The name of the server in {@code :authority}. */
    String authority();

    /**
     * Whether nobody on the way can read what is sent: calls are encrypted, or never leave this machine because they stay within
     * the process or go through a unix socket. A loopback address is no proof of that: whoever binds the port first is called.
     * What must not be read, such as {@code CallCredentials}, is sent on no other channel unasked.
     */
    boolean isPrivate();
}
