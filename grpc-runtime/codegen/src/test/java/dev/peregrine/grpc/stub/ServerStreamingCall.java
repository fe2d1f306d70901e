package dev.peregrine.grpc.stub;

public interface ServerStreamingCall<R> {}
