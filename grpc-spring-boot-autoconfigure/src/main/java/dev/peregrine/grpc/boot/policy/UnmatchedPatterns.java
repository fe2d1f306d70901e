// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

/**
 * What becomes of entries of {@code grpc.server.methods} that match no method. A context that holds only a part of the
 * application's services, as that of a test, has a bean of this type.
 */
public enum UnmatchedPatterns {
    /** The start fails, because what the entry is to protect is not protected. The default. */
    REFUSED,
    /** They are logged: what they are for is not there. */
    LOGGED
}
