// SPDX-License-Identifier: Apache-2.0
package com.example.echo;

import dev.peregrine.grpc.benchmarks.proto.EchoGrpc;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import io.grpc.stub.StreamObserver;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;

/** Answers with what it was sent. */
@SpringBootApplication
public class EchoApplication {

    public static void main(String[] args) {
        SpringApplication.run(EchoApplication.class, args);
    }

    @Service
    static class EchoService extends EchoGrpc.EchoImplBase {
        @Override
        public void unaryEcho(EchoMessage request, StreamObserver<EchoMessage> responses) {
            responses.onNext(request);
            responses.onCompleted();
        }
    }
}
