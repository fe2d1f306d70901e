// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.tls;

/** Whether a server asks its clients for a certificate (RFC 8446 §4.3.2). */
public enum ClientAuth {
    /** It does not ask. */
    NONE,
    /** It asks; a client may send none, but one that it sends must be trusted. */
    OPTIONAL,
    /** It asks, and refuses a client that sends none or one that is not trusted. */
    REQUIRE
}
