// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.boot.advice.GrpcExceptionHandler;
import dev.peregrine.grpc.boot.server.GrpcServerInterceptors;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.stub.ResponseWriter;
import org.springframework.transaction.annotation.Transactional;

@GrpcService(interceptors = CardCheck.class)
class LibraryService implements Library.Service {

    private final Shelves shelves;

    LibraryService(Shelves shelves) {
        this.shelves = shelves;
    }

    @Override
    public Book find(FindBook request) {
        return shelves.find(request.getTitle());
    }

    @Override
    @Transactional
    @GrpcServerInterceptors(AuditTrail.class)
    public Book lend(LendBook request) {
        return shelves.take(request.getTitle(), request.getDays());
    }

    @Override
    public void browse(FindBook request, ResponseWriter<Book> books) {
        books.write(shelves.find(request.getTitle()));
        throw new ShelvesClosedException();
    }

    @GrpcExceptionHandler
    Status closed(ShelvesClosedException failure) {
        return Status.of(StatusCode.UNAVAILABLE, "the library opens at nine");
    }
}
