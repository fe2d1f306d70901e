// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

import com.google.rpc.ErrorInfo;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcAdvice;
import dev.peregrine.grpc.boot.advice.GrpcExceptionHandler;
import dev.peregrine.grpc.protobuf.StatusDetails;
import org.springframework.dao.OptimisticLockingFailureException;

@GrpcAdvice
class LibraryAdvice {

    @GrpcExceptionHandler
    StatusException missing(NoSuchBookException failure) {
        return StatusDetails.exception(
                StatusCode.NOT_FOUND,
                "no book " + failure.title(),
                ErrorInfo.newBuilder()
                        .setReason("NO_SUCH_BOOK")
                        .setDomain("library.example.com")
                        .build());
    }

    @GrpcExceptionHandler
    Status conflict(OptimisticLockingFailureException failure, CallContext call) {
        return Status.of(StatusCode.ABORTED, call.method().name() + " came in between; read again");
    }
}
