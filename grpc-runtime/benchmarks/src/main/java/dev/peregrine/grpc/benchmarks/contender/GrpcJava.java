// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.benchmarks.contender;

import dev.peregrine.grpc.benchmarks.proto.EchoMessage;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** The echo service in grpc-java, doing what its generated code does. */
final class GrpcJava {

    private static final String SERVICE = "peregrine.benchmarks.Echo";

    static final MethodDescriptor<EchoMessage, EchoMessage> UNARY_ECHO = method(MethodType.UNARY, "UnaryEcho");
    static final MethodDescriptor<EchoMessage, EchoMessage> WATCH_ECHO =
            method(MethodType.SERVER_STREAMING, "WatchEcho");
    static final MethodDescriptor<EchoMessage, EchoMessage> CHAT_ECHO = method(MethodType.BIDI_STREAMING, "ChatEcho");

    private GrpcJava() {}

    private static MethodDescriptor<EchoMessage, EchoMessage> method(MethodType type, String name) {
        return MethodDescriptor.<EchoMessage, EchoMessage>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setSampledToLocalTracing(true)
                .setRequestMarshaller(ProtoUtils.marshaller(EchoMessage.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(EchoMessage.getDefaultInstance()))
                .build();
    }

    static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(UNARY_ECHO, ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext(request);
                    answers.onCompleted();
                }))
                .addMethod(WATCH_ECHO, ServerCalls.asyncServerStreamingCall((request, answers) -> {
                    for (int i = 0; i < request.getAnswers(); i++) {
                        answers.onNext(request);
                    }
                    answers.onCompleted();
                }))
                .addMethod(CHAT_ECHO, ServerCalls.asyncBidiStreamingCall(Echoing::new))
                .build();
    }

    private record Echoing(StreamObserver<EchoMessage> answers) implements StreamObserver<EchoMessage> {

        @Override
        public void onNext(EchoMessage request) {
            answers.onNext(request);
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }
}
