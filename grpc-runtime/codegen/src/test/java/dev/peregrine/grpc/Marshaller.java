package dev.peregrine.grpc;

public interface Marshaller<T> {
    T defaultInstance();
}
