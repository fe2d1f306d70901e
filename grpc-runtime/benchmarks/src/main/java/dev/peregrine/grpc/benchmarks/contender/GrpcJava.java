// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.load.CallbackLoad.AsyncEcho;
import dev.peregrine.grpc.benchmarks.load.CallbackLoad.Outcome;
import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** The echo service and its stubs in grpc-java, doing what its generated code does. */
final class GrpcJava {

    private static final String SERVICE = "peregrine.benchmarks.Echo";

    private static final MethodDescriptor<EchoMessage, EchoMessage> UNARY_ECHO =
            MethodDescriptor.<EchoMessage, EchoMessage>newBuilder()
                    .setType(MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "UnaryEcho"))
                    .setSampledToLocalTracing(true)
                    .setRequestMarshaller(ProtoUtils.marshaller(EchoMessage.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(EchoMessage.getDefaultInstance()))
                    .build();

    private GrpcJava() {}

    static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(UNARY_ECHO, ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext(request);
                    answers.onCompleted();
                }))
                .build();
    }

    static EchoMessage echo(Channel channel, EchoMessage request) {
        return ClientCalls.blockingUnaryCall(channel, UNARY_ECHO, CallOptions.DEFAULT, request);
    }

    static AsyncEcho asyncEcho(Channel channel, EchoMessage request) {
        return outcome -> {
            StreamObserver<EchoMessage> answers = new UnaryAnswer(outcome);
            return () -> ClientCalls.asyncUnaryCall(channel.newCall(UNARY_ECHO, CallOptions.DEFAULT), request, answers);
        };
    }

    /** The call has ended when its status is there, after the message. One lane has one call at a time. */
    private static final class UnaryAnswer implements StreamObserver<EchoMessage> {

        private final Outcome outcome;
        private EchoMessage answer = EchoMessage.getDefaultInstance();

        UnaryAnswer(Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void onNext(EchoMessage message) {
            answer = message;
        }

        @Override
        public void onError(Throwable failure) {
            outcome.failed(failure);
        }

        @Override
        public void onCompleted() {
            outcome.answered(answer);
        }
    }
}
