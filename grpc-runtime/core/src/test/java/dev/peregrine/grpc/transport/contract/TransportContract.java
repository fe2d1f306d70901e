// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/** A chapter of the contract: its tests run once for each of {@link Transports}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@FieldSource("dev.peregrine.grpc.transport.contract.Transports#ALL")
@Timeout(60)
@interface TransportContract {}
