// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.stub;

public interface ServerStreamingCall<R> {}
