package dev.peregrine.grpc.stub;

public interface ClientStreamingCall<Q, R> {}
