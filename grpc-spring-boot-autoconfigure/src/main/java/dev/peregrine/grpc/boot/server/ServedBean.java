// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;

/**
 * A service bean, bound.
 *
 * @param name the bean's
 * @param bean the bean itself, or its proxy
 * @param servers the servers it names, {@link GrpcServers#ALL} among them; empty if it names none
 * @param infrastructure whether the bean has {@link BeanDefinition#ROLE_INFRASTRUCTURE}: it is not what a server is
 *     started for
 */
record ServedBean(
        String name,
        BindableService bean,
        GrpcService annotation,
        ServiceDefinition definition,
        List<String> servers,
        boolean infrastructure) {}
