/**
 * Peregrine in a Spring Boot application: servers and clients come up from annotations and properties.
 *
 * <p>Who may come in: applications use the annotations, the customizers and the properties of the rooms below; this floor
 * only holds what those rooms share. It stands on the runtime's public rooms and never on its wire or its transports.
 * Thread rule: the container's; nothing here runs on the road of a call except the defaults of clients. Start reading at
 * {@link dev.peregrine.grpc.boot.server.GrpcService} or {@link dev.peregrine.grpc.boot.client.GrpcClient}.
 */
@NullMarked
package dev.peregrine.grpc.boot;

import org.jspecify.annotations.NullMarked;
