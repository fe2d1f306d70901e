// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.samples.shop.inventory;

import com.google.rpc.PreconditionFailure;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcAdvice;
import dev.peregrine.grpc.boot.advice.GrpcExceptionHandler;
import dev.peregrine.grpc.protobuf.StatusDetails;

/** What callers hear of exceptions. */
@GrpcAdvice
class InventoryAdvice {

    @GrpcExceptionHandler
    StatusException soldOut(SoldOutException failure) {
        PreconditionFailure.Builder details = PreconditionFailure.newBuilder();
        for (String item : failure.items()) {
            details.addViolationsBuilder().setType("SOLD_OUT").setSubject(item);
        }
        return StatusDetails.exception(StatusCode.FAILED_PRECONDITION, failure.getMessage(), details.build());
    }
}
