// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

/** Which side of the connection the script plays. */
enum Role {
    CLIENT,
    SERVER;

    Role other() {
        return this == CLIENT ? SERVER : CLIENT;
    }

    @Override
    public String toString() {
        return this == CLIENT ? "client" : "server";
    }
}
