// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.server.Server;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class ImportGrpcClientsTests {

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
    void aRegisteredClientIsAnOrdinaryBeanNamedAfterServiceAndKind() {
        runner.withUserConfiguration(Types.class).withBean(Ordinary.class).run(context -> {
            assertThat(sayHello(context.getBean(Ordinary.class).greeter, "bean"))
                    .isEqualTo("Hello bean");
            assertThat(context.getBean("greeterClient")).isSameAs(context.getBean(Ordinary.class).greeter);
            assertThat(context).hasBean("greeterAsyncClient");
        });
    }

    @Test
    void grpcClientOfTheSameNameInjectsTheBean() {
        runner.withUserConfiguration(Types.class)
                .withBean(Annotated.class)
                .run(context -> assertThat(context.getBean(Annotated.class).greeter)
                        .isSameAs(context.getBean(Greeter.Client.class)));
    }

    @Test
    void aRegisteredClientIsMadeWhenItIsAskedFor() {
        ClientRunners.runner()
                .withUserConfiguration(Types.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aPackageIsSearchedForAllGeneratedClients() {
        runner.withUserConfiguration(Packages.class).run(context -> {
            assertThat(context.getBeanNamesForType(Greeter.Client.class)).containsExactly("greeterClient");
            assertThat(context.getBeanNamesForType(Parting.AsyncClient.class)).containsExactly("partingAsyncClient");
            assertThat(sayHello(context.getBean(Greeter.Client.class), "you")).isEqualTo("Hello you");
        });
    }

    @Test
    void severalClientsOfATypeAreToldApartByTheirPrefix() {
        runner.withUserConfiguration(Several.class)
                .withBean(Qualified.class)
                .withPropertyValues("which=greeter")
                .run(context -> assertThat(sayHello(context.getBean(Qualified.class).greeter, "placeholder"))
                        .isEqualTo("Hello placeholder"));
    }

    @Test
    void aTypeThatIsNoClientIsRefused() {
        runner.withUserConfiguration(Wrong.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("@ImportGrpcClients on " + Wrong.class.getName() + " names "
                            + Greeter.Service.class.getName() + ", which is no gRPC client.");
            assertThat(analysisOf(context).getAction()).contains("Greeter.Client");
        });
    }

    @Test
    void aPackageWithoutClientsIsRefused() {
        runner.withUserConfiguration(Nothing.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .endsWith("Nothing finds no generated clients."));
    }

    @Test
    void aClientThatIsAutowiredAndNotRegisteredIsSaidWithWhatToWrite() {
        runner.withBean(Ordinary.class).run(context -> {
            FailureAnalysis analysis =
                    new MissingClientAnalyzer(new MockEnvironment()).analyze(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .startsWith("Field greeter in " + Ordinary.class.getName() + " needs the gRPC client "
                            + Greeter.Client.class.getName() + ", and there is no bean of that type.");
            assertThat(analysis.getAction())
                    .isEqualTo("Write @GrpcClient(\"greeter\") there, or make it a bean with @ImportGrpcClients(types ="
                            + " Greeter.Client.class) on a @Configuration class. Either way set"
                            + " grpc.client.greeter.target.");
        });
    }

    @Test
    void whereClientsAreSwitchedOffNoneAreRegisteredAndTheOneThatIsMissingIsSaidWithTheSwitch() {
        runner.withPropertyValues("grpc.client.enabled=false")
                .withUserConfiguration(Types.class)
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(GrpcChannels.class);
                    assertThat(context).doesNotHaveBean(Greeter.Client.class);
                });
        runner.withPropertyValues("grpc.client.enabled=false")
                .withBean(Ordinary.class)
                .run(context -> {
                    FailureAnalysis analysis = new MissingClientAnalyzer(
                                    new MockEnvironment().withProperty("grpc.client.enabled", "false"))
                            .analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .endsWith(" and there is no bean of that type: clients are switched off by"
                                    + " grpc.client.enabled=false.");
                });
    }

    @Test
    void otherMissingBeansAreSaidByOthers() {
        runner.withBean(Stranger.class)
                .run(context -> assertThat(
                                new MissingClientAnalyzer(new MockEnvironment()).analyze(context.getStartupFailure()))
                        .isNull());
    }

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(types = {Greeter.Client.class, Greeter.AsyncClient.class})
    static class Types {}

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(client = "greeter", basePackages = "dev.peregrine.grpc.boot.fixture")
    static class Packages {}

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(client = "nowhere", types = Greeter.Client.class)
    @ImportGrpcClients(client = "${which}", prefix = "my-", value = Greeter.Client.class)
    static class Several {}

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(Greeter.Service.class)
    static class Wrong {}

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(basePackages = "dev.peregrine.nowhere")
    static class Nothing {}

    static class Ordinary {
        @Autowired
        private Greeter.Client greeter;
    }

    static class Annotated {
        @GrpcClient("greeter")
        private Greeter.Client greeter;
    }

    static class Qualified {
        @Autowired
        @Qualifier("my-greeterClient")
        private Greeter.Client greeter;
    }

    static class Stranger {
        @Autowired
        private Thread thread;
    }
}
