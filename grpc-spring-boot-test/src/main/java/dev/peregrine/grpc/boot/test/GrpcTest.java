// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test;

import dev.peregrine.grpc.boot.server.GrpcService;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Tests the gRPC part of an application and nothing else: its {@link GrpcService} beans or some of them, interceptors, encodings,
 * customizers and error handling, called within the process. Other components are left out; what the services need of them,
 * the test brings with {@code @MockitoBean} or {@code @Import}. Entries of {@code grpc.server.methods} for services that are left
 * out are logged, where they would otherwise fail the start. So are credentials of clients from OAuth2 registrations, unless the
 * test imports registrations; the calls carry no token then.
 *
 * <pre>{@code
 * @GrpcTest(GreeterService.class)
 * class GreeterServiceTests {
 *     @GrpcClient("greeter") Greeter.Client greeter;
 *     @MockitoBean Greetings greetings;
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@BootstrapWith(GrpcTestBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(GrpcTestFilter.class)
@AutoConfigureInProcessGrpc
@ImportAutoConfiguration
public @interface GrpcTest {

    /** The same as {@link #services}. */
    @AliasFor("services")
    Class<?>[] value() default {};

    /** The services to test; by default all. */
    @AliasFor("value")
    Class<?>[] services() default {};

    /** Properties of the environment, as {@code name=value}. */
    String[] properties() default {};

    /** Whether components are left out as said above. */
    boolean useDefaultFilters() default true;

    /** Further components to take in. */
    Filter[] includeFilters() default {};

    /** Components to leave out all the same. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
