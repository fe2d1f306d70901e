/**
 * What operators see over Spring Boot's actuator: {@code /actuator/grpc} with servers, services, channels, connections and
 * open calls, and a line for {@code /actuator/info}.
 *
 * <p>Who may come in: nobody. Thread rule: an answer waits for the event loops that are asked, a few seconds at most, on the
 * actuator's thread. Start reading at {@code GrpcEndpoint}.
 */
@NullMarked
package dev.peregrine.grpc.boot.actuate;

import org.jspecify.annotations.NullMarked;
