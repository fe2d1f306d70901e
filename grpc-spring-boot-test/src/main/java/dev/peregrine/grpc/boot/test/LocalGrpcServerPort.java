// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.boot.LocalPortProperty;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Value;

/**
 * Injects the port the gRPC server got, mostly into a test that sets {@code grpc.server.port=0}. There is one only after
 * the server has started; beans that are made before cannot have it. The port of a server with a name is the property
 * {@code local.grpc.server.<name>.port}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Value("${" + LocalGrpcServerPort.PROPERTY + "}")
public @interface LocalGrpcServerPort {

    /** The property that holds the port once the server has started. */
    String PROPERTY = LocalPortProperty.NAME;
}
