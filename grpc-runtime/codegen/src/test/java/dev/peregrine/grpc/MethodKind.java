// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

public enum MethodKind {
    UNARY,
    CLIENT_STREAMING,
    SERVER_STREAMING,
    BIDI_STREAMING
}
