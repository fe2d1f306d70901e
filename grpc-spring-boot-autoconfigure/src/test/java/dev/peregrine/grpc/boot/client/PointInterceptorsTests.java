// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.server.Server;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Interceptors that an injection point names, by type and by name. */
class PointInterceptorsTests {

    private static Server server;

    /** What interceptors saw, and what became of them. */
    private static final List<String> SAW = new CopyOnWriteArrayList<>();

    private final ApplicationContextRunner runner = ClientRunners.runner(server);

    @BeforeAll
    static void serve() throws IOException {
        server = Calls.serve(new HelloService());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        SAW.clear();
    }

    @Test
    void theBeanOfTheTypeSeesTheCallsOfThisPointOnly() {
        runner.withBean(Counting.class, () -> new Counting("bean"))
                .withBean(Intercepted.class)
                .run(context -> {
                    Intercepted bean = context.getBean(Intercepted.class);
                    sayHello(bean.counted, "you");
                    sayHello(bean.notCounted, "you");
                    assertThat(SAW).containsExactly("bean");
                });
    }

    @Test
    void whereThereIsNoBeanOneIsMadeForAllWhoNameItAndDestroyedBehindThem() {
        runner.withBean(Intercepted.class)
                .withBean("another", Intercepted.class)
                .run(context -> {
                    sayHello(context.getBean("another", Intercepted.class).counted, "you");
                    assertThat(SAW).containsExactly("made", "Counting");
                    assertThat(context).doesNotHaveBean(Counting.class);
                });
        assertThat(SAW).containsExactly("made", "Counting", "destroyed", "closed");
    }

    @Test
    void namedOnesStandBehindTyped() {
        runner.withBean("first", Counting.class, () -> new Counting("first"), definition -> definition.setPrimary(true))
                .withBean("second", Counting.class, () -> new Counting("second"))
                .withBean("third", Counting.class, () -> new Counting("third"))
                .withBean(Named.class)
                .run(context -> {
                    sayHello(context.getBean(Named.class).greeter, "you");
                    assertThat(SAW).containsExactly("first", "third", "second");
                });
    }

    @Test
    void severalBeansOfTheTypeAreRefused() {
        runner.withBean("one", Counting.class, () -> new Counting("one"))
                .withBean("other", Counting.class, () -> new Counting("other"))
                .withBean(Intercepted.class)
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .startsWith("@GrpcClient(\"greeter\") on the field ")
                            .endsWith(" names the interceptor " + Counting.class.getName()
                                    + ", of which there are several beans: one, other.");
                    assertThat(analysisOf(context).getAction())
                            .isEqualTo("Name the bean instead, in interceptorNames.");
                });
    }

    @Test
    void aNameThatIsNoInterceptorIsRefused() {
        runner.withBean(Named.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("@GrpcClient(\"greeter\") on the field ")
                        .contains(" names 'third', and there is no bean of that name"));
    }

    @Test
    void interceptorsOfTheSharedChannelAreRefused() {
        runner.withBean(InterceptedChannel.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .endsWith("has interceptors, and asks for the channel that all clients of this name share."));
    }

    static class Intercepted {

        @GrpcClient(value = "greeter", interceptors = Counting.class)
        private Greeter.Client counted;

        @GrpcClient("greeter")
        private Greeter.Client notCounted;
    }

    static class Named {

        @GrpcClient(
                value = "greeter",
                interceptors = Counting.class,
                interceptorNames = {"third", "second"})
        private Greeter.Client greeter;
    }

    static class InterceptedChannel {

        @GrpcClient(value = "greeter", interceptors = Counting.class)
        private Channel channel;
    }

    static class Counting implements ClientInterceptor, AutoCloseable {

        private final String name;

        Counting() {
            this("Counting");
            SAW.add("made");
        }

        Counting(String name) {
            this.name = name;
        }

        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            SAW.add(name);
            return next.newCall(method, options);
        }

        @PreDestroy
        void leave() {
            SAW.add("destroyed");
        }

        @Override
        public void close() {
            SAW.add("closed");
        }
    }
}
