// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.security;

import dev.peregrine.grpc.boot.security.GrpcSecurity;
import dev.peregrine.grpc.boot.security.GrpcSecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.security.test.context.TestSecurityContextHolder;

/** Lets the users of {@code @WithMockUser} make calls, in tests of applications that ask who calls. */
@AutoConfiguration(after = GrpcSecurityAutoConfiguration.class)
@ConditionalOnClass({GrpcSecurity.class, TestSecurityContextHolder.class})
@ConditionalOnBean(GrpcSecurity.class)
final class GrpcTestSecurityAutoConfiguration {

    @Bean
    MockCallers grpcMockCallers() {
        return new MockCallers();
    }
}
