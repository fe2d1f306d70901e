package dev.peregrine.grpc.stub;

public interface ResponseWriter<R> {}
