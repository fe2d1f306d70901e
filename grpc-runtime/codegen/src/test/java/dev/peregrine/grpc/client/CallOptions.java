// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

public record CallOptions(String name) {
    public static final CallOptions DEFAULT = new CallOptions("default");
}
