// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

public interface Marshaller<T> {
    T defaultInstance();
}
