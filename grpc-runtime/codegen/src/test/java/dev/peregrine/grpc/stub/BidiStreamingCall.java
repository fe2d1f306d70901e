package dev.peregrine.grpc.stub;

public interface BidiStreamingCall<Q, R> {}
