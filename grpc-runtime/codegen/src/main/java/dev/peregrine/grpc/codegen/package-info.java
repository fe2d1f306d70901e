/**
 * The protoc plugin: turns the services of {@code .proto} files into Java, one file per service. A program, not a
 * library: protoc comes in through {@link dev.peregrine.grpc.codegen.Main}, nobody else does.
 *
 * <p>It knows protobuf-java and nothing of the runtime but the names it writes down; a service that is compiled against
 * another runtime than the generator knew fails in the compiler, not at run time.
 *
 * <p>Thread rule: one thread, one request, then the process ends. Start reading at
 * {@link dev.peregrine.grpc.codegen.Generator}, then {@link dev.peregrine.grpc.codegen.ServiceModel} (what is to be said)
 * and {@link dev.peregrine.grpc.codegen.ServiceSource} (how it is said).
 */
@NullMarked
package dev.peregrine.grpc.codegen;

import org.jspecify.annotations.NullMarked;
