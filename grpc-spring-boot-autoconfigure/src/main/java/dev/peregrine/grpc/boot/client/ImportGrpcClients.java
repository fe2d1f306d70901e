// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes beans of generated clients, so that they can be injected like any other bean, and replaced in tests like any other
 * bean. Goes on a {@code @Configuration} class, as often as there are servers.
 *
 * <pre>{@code
 * @Configuration
 * @ImportGrpcClients(types = Greeter.Client.class)                       // calls grpc.client.greeter.target
 * @ImportGrpcClients(client = "billing", basePackages = "com.example.billing")
 * class Clients {}
 * }</pre>
 *
 * A bean is named after its service and its kind, {@code greeterClient} or {@code greeterAsyncClient}, behind the
 * {@link #prefix}; it is made when the first bean asks for it. {@link GrpcClient} with the same name injects the same bean.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(ImportGrpcClients.Container.class)
@Import(ClientRegistrar.class)
public @interface ImportGrpcClients {

    /** The same as {@link #types}. */
    @AliasFor("types")
    Class<?>[] value() default {};

    /** Generated clients, such as {@code Greeter.Client.class}. */
    @AliasFor("value")
    Class<?>[] types() default {};

    /**
     * Packages whose generated clients are all registered, with those below. A native image does not look into packages;
     * name {@link #types} there.
     */
    String[] basePackages() default {};

    /**
     * The name under {@code grpc.client}; may contain <code>${...}</code> placeholders. By default the service's name,
     * starting in lower case: {@code greeter} for {@code Greeter.Client}.
     */
    String client() default "";

    /** Goes before the names of the beans, when the same types are registered for several clients. */
    String prefix() default "";

    /** Several of them. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @Import(ClientRegistrar.class)
    @interface Container {

        ImportGrpcClients[] value();
    }
}
