package dev.peregrine.grpc.stub;

public interface RequestReader<Q> {}
