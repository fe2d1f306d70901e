// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.balancing.ConnectivityState;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.Server;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

class GrpcClientInjectionTests {

    private static Server server;

    private final ApplicationContextRunner runner = ClientRunners.runner(server);

    @BeforeAll
    static void serve() throws IOException {
        server = Calls.serve(new HelloService());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aFieldIsInjected() {
        runner.withBean(Field.class)
                .run(context -> assertThat(sayHello(context.getBean(Field.class).greeter, "field"))
                        .isEqualTo("Hello field"));
    }

    @Test
    void aSetterIsInjected() {
        runner.withBean(Setter.class)
                .run(context -> assertThat(sayHello(context.getBean(Setter.class).greeter, "setter"))
                        .isEqualTo("Hello setter"));
    }

    @Test
    void aConstructorParameterIsInjected() {
        runner.withBean(Constructor.class)
                .run(context -> assertThat(sayHello(context.getBean(Constructor.class).greeter, "constructor"))
                        .isEqualTo("Hello constructor"));
    }

    @Test
    void aBeanMethodParameterIsInjected() {
        runner.withUserConfiguration(BeanMethod.class)
                .run(context -> assertThat(context.getBean(String.class)).isEqualTo("Hello bean method"));
    }

    @Test
    void everyKindOfClientIsInjected() {
        runner.withBean(Kinds.class).run(context -> {
            Kinds kinds = context.getBean(Kinds.class);
            assertThat(kinds.async
                            .sayHello(HelloService.request("async"))
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS)
                            .getMessage())
                    .isEqualTo("Hello async");
            assertThat(sayHello(Greeter.Client.create(kinds.channel), "channel"))
                    .isEqualTo("Hello channel");
            assertThat(kinds.managed).isSameAs(kinds.channel);
        });
    }

    @Test
    void allClientsOfANameShareOneChannelThatIsIdleUntilTheFirstCall() {
        runner.withBean(Kinds.class)
                .withBean(Field.class)
                .withBean(Constructor.class)
                .run(context -> {
                    ManagedChannel channel = context.getBean(Kinds.class).managed;
                    assertThat(channel.state()).isEqualTo(ConnectivityState.IDLE);
                    sayHello(context.getBean(Field.class).greeter, "you");
                    assertThat(channel.state()).isEqualTo(ConnectivityState.READY);
                    assertThat(context.getBean(GrpcChannels.class).channel("greeter"))
                            .isSameAs(channel);
                });
    }

    @Test
    void aPlaceholderInTheNameIsResolved() {
        runner.withBean(Placeholder.class)
                .withPropertyValues("which=greeter")
                .run(context -> assertThat(sayHello(context.getBean(Placeholder.class).greeter, "placeholder"))
                        .isEqualTo("Hello placeholder"));
    }

    @Test
    void anAnnotationOfTheApplicationMayCarryOurs() {
        runner.withBean(Composed.class)
                .run(context -> assertThat(sayHello(context.getBean(Composed.class).greeter, "composed"))
                        .isEqualTo("Hello composed"));
    }

    @Test
    void theContainersWaysToAskLaterWork() {
        ClientRunners.runner().withBean(Later.class).run(context -> {
            Later later = context.getBean(Later.class);
            System.setProperty("grpc.client.greeter.target", ClientRunners.targetOf(server));
            try {
                assertThat(sayHello(later.provider.getObject(), "provider")).isEqualTo("Hello provider");
                assertThat(sayHello(later.lazy, "lazy")).isEqualTo("Hello lazy");
            } finally {
                System.clearProperty("grpc.client.greeter.target");
            }
        });
    }

    @Test
    void anOptionalClientIsThere() {
        runner.withBean(Maybe.class)
                .run(context -> assertThat(context.getBean(Maybe.class).greeter).isPresent());
    }

    @Test
    void aRecordIsInjected() {
        runner.withBean(Record.class)
                .run(context -> assertThat(
                                sayHello(context.getBean(Record.class).greeter(), "record"))
                        .isEqualTo("Hello record"));
    }

    @Test
    void anAnnotatedFinalFieldIsSetByItsConstructorWhoseParameterNeedsNoAnnotation() {
        runner.withBean(FinalField.class).run(context -> {
            FinalField bean = context.getBean(FinalField.class);
            assertThat(bean.greeter).isSameAs(bean.given);
            assertThat(sayHello(bean.greeter, "final field")).isEqualTo("Hello final field");
        });
    }

    @Test
    void aLazyParameterIsInjected() {
        runner.withBean(LazyParameter.class)
                .run(context -> assertThat(sayHello(context.getBean(LazyParameter.class).greeter, "lazy parameter"))
                        .isEqualTo("Hello lazy parameter"));
    }

    @Test
    void aBeanOfTheTypeThatIsCalledLikeTheClientIsInjected() {
        runner.withUserConfiguration(OwnClient.class).withBean(Field.class).run(context -> {
            assertThat(context.getBean(Field.class).greeter).isSameAs(context.getBean("greeter"));
            assertThat(sayHello(context.getBean(Field.class).greeter, "own")).isEqualTo("Hello own");
        });
    }

    @Test
    void otherInjectionGoesOnAsBefore() {
        runner.withBean(Ordinary.class)
                .withBean(String.class, () -> "a bean")
                .withPropertyValues("some=value")
                .run(context -> {
                    assertThat(context.getBean(Ordinary.class).value).isEqualTo("value");
                    assertThat(context.getBean(Ordinary.class).bean).isEqualTo("a bean");
                });
    }

    @Test
    void aBeanMayStillCallWhileItIsDestroyed() {
        Farewell[] farewell = new Farewell[1];
        ManagedChannel[] channel = new ManagedChannel[1];
        runner.withBean(Farewell.class).withBean(Kinds.class).run(context -> {
            farewell[0] = context.getBean(Farewell.class);
            channel[0] = context.getBean(Kinds.class).managed;
        });
        assertThat(farewell[0].last).isEqualTo("Hello last");
        assertThat(channel[0].state()).isEqualTo(ConnectivityState.SHUTDOWN);
    }

    @Test
    void aTypeThatIsNoClientIsRefused() {
        runner.withBean(Wrong.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("@GrpcClient(\"greeter\") on the field " + Wrong.class.getName()
                            + ".greeter asks for a java.lang.String, which is no gRPC client.");
            assertThat(analysisOf(context).getAction())
                    .isEqualTo("Declare it as a generated client interface, such as Greeter.Client or"
                            + " Greeter.AsyncClient, or as dev.peregrine.grpc.client.Channel.");
        });
    }

    @Test
    void theNameOfTheDefaultsIsRefused() {
        runner.withBean(Defaults.class)
                .withPropertyValues("grpc.client.default.target=localhost:1")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .isEqualTo("@GrpcClient(\"default\") on the field " + Defaults.class.getName()
                                    + ".greeter names no client: what is set under grpc.client.default counts for all"
                                    + " clients.");
                    assertThat(analysisOf(context).getAction()).startsWith("Give the client a name of its own");
                });
    }

    @Test
    void theServiceInsteadOfItsClientIsRefusedWhereItIsDeclared() {
        runner.withBean(WrongParameter.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("parameter 1 of the constructor of " + WrongParameter.class.getName())
                        .contains("asks for a " + Parting.Service.class.getName()));
    }

    static class Field {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }

    static class Setter {
        private Greeter.Client greeter;

        @GrpcClient("greeter")
        void setGreeter(Greeter.Client greeter) {
            this.greeter = greeter;
        }
    }

    static class Constructor {
        private final Greeter.Client greeter;

        Constructor(@GrpcClient("greeter") Greeter.Client greeter) {
            this.greeter = greeter;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BeanMethod {

        @Bean
        String said(@GrpcClient("greeter") Greeter.Client greeter) {
            return sayHello(greeter, "bean method");
        }
    }

    static class Kinds {
        @GrpcClient("greeter")
        private Greeter.AsyncClient async;

        @GrpcClient("greeter")
        private Channel channel;

        @GrpcClient("greeter")
        private ManagedChannel managed;
    }

    static class Placeholder {
        @GrpcClient("${which}")
        private Greeter.Client greeter;
    }

    @GrpcClient("greeter")
    @Retention(RetentionPolicy.RUNTIME)
    @interface ToGreeter {}

    static class Composed {
        @ToGreeter
        private Greeter.Client greeter;
    }

    static class Later {
        @GrpcClient("greeter")
        private ObjectProvider<Greeter.Client> provider;

        @Lazy
        @GrpcClient("greeter")
        private Greeter.Client lazy;
    }

    record Record(@GrpcClient("greeter") Greeter.Client greeter) {}

    static class FinalField {
        @GrpcClient("greeter")
        private final Greeter.Client greeter;

        private final Greeter.Client given;

        FinalField(Greeter.Client greeter) {
            this.greeter = greeter;
            this.given = greeter;
        }
    }

    static class LazyParameter {
        private final Greeter.Client greeter;

        LazyParameter(@Lazy @GrpcClient("greeter") Greeter.Client greeter) {
            this.greeter = greeter;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClient {

        @Bean
        Greeter.Client greeter(@GrpcClient("greeter") Greeter.Client plain) {
            return plain.withWaitForReady();
        }
    }

    static class Maybe {
        @GrpcClient("greeter")
        private Optional<Greeter.Client> greeter;
    }

    static class Ordinary {
        private final String value;
        private final String bean;

        Ordinary(@Value("${some}") String value, String bean) {
            this.value = value;
            this.bean = bean;
        }
    }

    static class Farewell {
        @GrpcClient("greeter")
        private Greeter.Client greeter;

        private String last = "";

        @PreDestroy
        void leave() {
            last = sayHello(greeter, "last");
        }
    }

    static class Wrong {
        @GrpcClient("greeter")
        String greeter;
    }

    static class Defaults {
        @GrpcClient("default")
        Greeter.Client greeter;
    }

    static class WrongParameter {
        WrongParameter(@GrpcClient("parting") Parting.Service parting) {
            throw new IllegalStateException("injected " + parting);
        }
    }
}
