package dev.peregrine.grpc.server;

public interface BindableService {
    ServiceDefinition bind();
}
