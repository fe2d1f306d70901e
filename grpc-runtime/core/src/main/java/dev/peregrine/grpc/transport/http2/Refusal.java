// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import dev.peregrine.grpc.Status;

/**
 * Why a well-formed HTTP/2 request is not answered as a gRPC call.
 *
 * @param httpStatus for whoever speaks HTTP only
 * @param status for whoever speaks gRPC; its description is the body of the answer too
 */
record Refusal(int httpStatus, Status status) {}
