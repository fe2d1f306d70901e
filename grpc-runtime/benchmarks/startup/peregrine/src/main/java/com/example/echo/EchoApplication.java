// SPDX-License-Identifier: Apache-2.0
package com.example.echo;

import dev.peregrine.grpc.benchmarks.proto.Echo;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import dev.peregrine.grpc.boot.server.GrpcService;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Answers with what it was sent. */
@SpringBootApplication
public class EchoApplication {

    public static void main(String[] args) {
        SpringApplication.run(EchoApplication.class, args);
    }

    @GrpcService
    static class EchoService implements Echo.Service {
        @Override
        public EchoMessage unaryEcho(EchoMessage request) {
            return request;
        }
    }
}
