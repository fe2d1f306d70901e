/**
 * Channelz for the servers and clients of the application, if it is switched on.
 *
 * <p>Who may come in: nobody; applications set {@code grpc.server.channelz.*}. Thread rule: the container's. Start reading at
 * {@code GrpcChannelzAutoConfiguration}.
 */
@NullMarked
package dev.peregrine.grpc.boot.channelz;

import org.jspecify.annotations.NullMarked;
