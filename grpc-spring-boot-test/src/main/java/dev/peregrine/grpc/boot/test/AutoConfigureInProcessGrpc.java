// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.boot.server.GrpcServers;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a test's application call itself within the process: its servers listen on names that nobody else has instead of
 * ports, and its clients call them, whatever their targets are. Everything else is as it is configured: limits, deadlines,
 * interceptors, compression settings, security. What it leaves out is the network: sockets, TLS, proxies.
 *
 * <pre>{@code
 * @SpringBootTest
 * @AutoConfigureInProcessGrpc
 * class GreeterTests {
 *     @GrpcClient("greeter") Greeter.Client greeter;
 * }
 * }</pre>
 *
 * Connection details, from containers for example, still win: such clients call what they call.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AutoConfigureInProcessGrpc {

    /** The clients that shall call a server of the application, by the names under {@code grpc.client}; by default all. */
    String[] clients() default {};

    /** The server that they call: its name under {@code grpc.servers}, or by default the one of {@code grpc.server}. */
    String server() default GrpcServers.DEFAULT;
}
