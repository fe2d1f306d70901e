// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport;

/** Whether a call that has ended may be sent again unasked, without anybody being served twice (gRFC A6). */
public enum Resend {

    /** As often as need be: it has not left this client. */
    FREELY,

    /** Once: it has left, but the server says that its application has not seen it. */
    ONCE,

    /** The server has seen it, or may have; or it was ended here, or cannot be sent at all. */
    NEVER
}
