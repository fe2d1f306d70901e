// SPDX-License-Identifier: Apache-2.0
package com.example.greeter;

import dev.peregrine.grpc.boot.server.GrpcService;

@GrpcService
class GreeterService implements Greeter.Service {

    @Override
    public HelloReply sayHello(HelloRequest request) {
        return HelloReply.newBuilder()
                .setMessage("Hello, " + request.getName() + "!")
                .build();
    }
}
