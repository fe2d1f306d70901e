// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Role;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@Timeout(60)
class NamedServersTests {

    private final ApplicationContextRunner runner = ServerRunners.runner()
            .withBean(PublicGreeter.class)
            .withPropertyValues("grpc.servers.internal.port=0", "grpc.servers.internal.address=127.0.0.1");

    @Test
    void aServiceIsOnTheServerItNamesAndNowhereElse() {
        runner.withBean(InternalParting.class).run(context -> {
            assertThat(hello(context, "default")).isEqualTo("Hello you");
            assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
            assertUnimplemented(context, "internal", channel -> hello(channel));
            assertUnimplemented(context, "default", channel -> goodbye(channel));
        });
    }

    @Test
    void aServiceThatAPatternNamesIsThereInsteadOfOnTheDefaultServer() {
        runner.withBean(PlainParting.class)
                .withPropertyValues("grpc.servers.internal.services=fixture.Parting")
                .run(context -> {
                    assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
                    assertUnimplemented(context, "default", channel -> goodbye(channel));
                });
    }

    @Test
    void aServiceMayBeOnSeveralServers() {
        runner.withPropertyValues("grpc.server.services=*", "grpc.servers.internal.services=fixture.Greeter")
                .run(context -> {
                    assertThat(hello(context, "default")).isEqualTo("Hello you");
                    assertThat(hello(context, "internal")).isEqualTo("Hello you");
                });
        runner.withBean(EverywhereParting.class).run(context -> {
            assertThat(goodbye(context, "default")).isEqualTo("Goodbye you");
            assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
        });
    }

    @Test
    void twoBeansMayOfferOneServiceOnDifferentServers() {
        runner.withBean(InternalGreeter.class).run(context -> {
            assertThat(hello(context, "default")).isEqualTo("Hello you");
            assertThat(hello(context, "internal")).isEqualTo("Hello insider");
        });
    }

    @Test
    void theNameOfAServerMayBeAPlaceholder() {
        runner.withBean(PlacedParting.class)
                .withPropertyValues("parting.server=internal")
                .run(context -> assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you"));
        runner.withBean(PlacedParting.class)
                .run(context -> assertThat(goodbye(context, "default")).isEqualTo("Goodbye you"));
    }

    @Test
    void whatAServerDoesNotSetIsTakenFromTheDefaultOneFieldByField() {
        runner.withBean(InternalGreeter.class)
                .withPropertyValues(
                        "grpc.server.limits.max-message-size=1KB",
                        "grpc.server.limits.max-metadata-size=1KB",
                        "grpc.servers.internal.limits.max-message-size=3KB")
                .run(context -> {
                    assertThat(hello(context, "internal", "x".repeat(2000))).isEqualTo("Hello insider");
                    assertThatExceptionOfType(StatusException.class)
                            .isThrownBy(() -> hello(context, "internal", "x".repeat(3100)))
                            .satisfies(failure ->
                                    assertThat(failure.status().code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
                    GrpcServerProperties internal = propertiesOf(context, "internal");
                    assertThat(internal.limits().toLimits().maxMetadataSize()).isEqualTo(1024);
                });
    }

    @Test
    void portAddressAndServicesAreNotInherited() {
        runner.withPropertyValues("grpc.server.services=*").run(context -> {
            GrpcServerProperties internal = propertiesOf(context, "internal");
            assertThat(internal.services()).isEmpty();
            assertThat(propertiesOf(context, "default").services()).containsExactly("*");
        });
        runner.withPropertyValues("grpc.server.interceptors=a,b", "grpc.servers.internal.interceptors=c")
                .withBean("a", Witness.class)
                .withBean("b", Witness.class)
                .withBean("c", Witness.class)
                .run(context -> assertThat(propertiesOf(context, "internal").interceptors())
                        .containsExactly("c"));
    }

    @Test
    void interceptorsOfAServerSeeItsCallsOnly() {
        runner.withBean(InternalParting.class)
                .withBean("audit", Witness.class)
                .withPropertyValues("grpc.servers.internal.interceptors=audit")
                .run(context -> {
                    hello(context, "default");
                    goodbye(context, "internal");
                    assertThat(context.getBean(Witness.class).saw).containsExactly("fixture.Parting/SayGoodbye");
                });
    }

    @Test
    void aCustomizerHearsWhichServerItIsAskedFor() {
        List<String> asked = new CopyOnWriteArrayList<>();
        runner.withBean(InternalParting.class)
                .withBean(GrpcServerCustomizer.class, () -> (name, server) -> asked.add(name))
                .run(context -> assertThat(asked).containsExactly("default", "internal"));
    }

    @Test
    void theServersTellWhereTheyAre() {
        runner.withBean(InternalParting.class)
                .withPropertyValues("grpc.servers.spare.port=0", "grpc.servers.gone.enabled=false")
                .run(context -> {
                    GrpcServers servers = context.getBean(GrpcServers.class);
                    assertThat(servers.names()).containsExactly("default", "internal", "spare");
                    assertThat(servers.isRunning("internal")).isTrue();
                    assertThat(servers.isRunning("spare"))
                            .as("nothing to serve")
                            .isFalse();
                    assertThat(servers.port("internal")).isNotEqualTo(servers.port("default"));
                    assertThat(servers.server("internal").port()).isEqualTo(servers.port("internal"));
                    assertThat(context.getEnvironment().getProperty("local.grpc.server.port"))
                            .isEqualTo("" + servers.port("default"));
                    assertThat(context.getEnvironment().getProperty("local.grpc.server.internal.port"))
                            .isEqualTo("" + servers.port("internal"));
                    assertThatIllegalStateException()
                            .isThrownBy(() -> servers.port("spare"))
                            .withMessage("the gRPC server 'spare' does not run (running: [default, internal])");
                });
    }

    @Test
    void startAndEndOfEachServerAreTold() {
        Diary diary = new Diary();
        runner.withBean(InternalParting.class)
                .withBean(Diary.class, () -> diary)
                .run(context -> {
                    GrpcServers servers = context.getBean(GrpcServers.class);
                    int first = servers.port("default");
                    int second = servers.port("internal");
                    assertThat(diary.entries).containsExactly("start default " + first, "start internal " + second);
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class)
                            .close();
                    assertThat(diary.entries).hasSize(4).contains("stop default " + first, "stop internal " + second);
                    assertThat(servers.isRunning("default")).isFalse();
                });
    }

    @Test
    void allServersDrainAtOnceAndTheirCallsAreAnswered() {
        SlowService outside = new SlowOutside();
        SlowService inside = new SlowInside();
        ServerRunners.runner()
                .withPropertyValues("grpc.servers.internal.port=0", "grpc.servers.internal.address=127.0.0.1")
                .withBean("outside", SlowOutside.class, () -> (SlowOutside) outside)
                .withBean("inside", SlowInside.class, () -> (SlowInside) inside)
                .run(context -> {
                    GrpcServers servers = context.getBean(GrpcServers.class);
                    try (ManagedChannel one = channelTo(servers, "default");
                            ManagedChannel other = channelTo(servers, "internal")) {
                        CompletableFuture<HelloReply> first = callSlowly(one, outside);
                        CompletableFuture<HelloReply> second = callSlowly(other, inside);
                        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                                context.getSourceApplicationContext(ConfigurableApplicationContext.class)::close);
                        await().until(() -> refuses(servers, "default") && refuses(servers, "internal"));
                        assertThat(closed).isNotDone();

                        inside.answer.countDown();
                        assertThat(second.get(20, TimeUnit.SECONDS).getMessage())
                                .startsWith("Hello");
                        outside.answer.countDown();
                        assertThat(first.get(20, TimeUnit.SECONDS).getMessage()).startsWith("Hello");
                        closed.get(20, TimeUnit.SECONDS);
                    } finally {
                        inside.answer.countDown();
                        outside.answer.countDown();
                    }
                });
    }

    /** Whether nobody listens any more. */
    private static boolean refuses(GrpcServers servers, String server) {
        try (Socket socket = new Socket("127.0.0.1", servers.port(server))) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    private static CompletableFuture<HelloReply> callSlowly(ManagedChannel channel, SlowService service)
            throws InterruptedException {
        CompletableFuture<HelloReply> reply = Greeter.AsyncClient.create(channel)
                .sayHello(HelloService.request("you"))
                .toCompletableFuture();
        assertThat(service.arrived.await(20, TimeUnit.SECONDS)).isTrue();
        return reply;
    }

    @Test
    void beansThatAreMadeLateAreServedToo() {
        runner.withBean(InternalParting.class)
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    assertThat(hello(context, "default")).isEqualTo("Hello you");
                    assertThat(goodbye(context, "internal")).isEqualTo("Goodbye you");
                });
    }

    @Test
    void unixAndInProcessAddressesAreServersToo() {
        runner.withPropertyValues(
                        "grpc.server.services=*",
                        "grpc.servers.internal.services=*",
                        "grpc.servers.internal.address=inprocess:named-servers-test",
                        "grpc.servers.internal.port=")
                .run(context -> {
                    try (ManagedChannel channel = ManagedChannel.builder("inprocess:named-servers-test")
                            .build()) {
                        assertThat(hello(channel)).isEqualTo("Hello you");
                    }
                    assertThat(context.getEnvironment().getProperty("local.grpc.server.internal.port"))
                            .isNull();
                });
    }

    @Test
    void oneServerListensOnSeveralAddresses() {
        runner.withPropertyValues("grpc.server.address=127.0.0.1,[::1]:0").run(context -> {
            assertThat(context.getBean(GrpcServers.class).addresses("default")).hasSize(2);
            assertThat(hello(context, "default")).isEqualTo("Hello you");
        });
    }

    @Test
    void aServerThatIsSwitchedOffTakesItsServicesWithIt() {
        runner.withBean(InternalParting.class)
                .withPropertyValues(
                        "grpc.servers.internal.enabled=false", "grpc.servers.internal.services=fixture.Greeter")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(GrpcServers.class).isRunning("default"))
                            .isFalse();
                });
    }

    @Test
    void infrastructureAloneStartsNoServer() {
        ServerRunners.runner()
                .withUserConfiguration(InfrastructureParting.class)
                .run(context -> assertThat(context.getBean(GrpcServers.class).isRunning("default"))
                        .isFalse());
        runner.withUserConfiguration(InfrastructureParting.class)
                .run(context -> assertThat(goodbye(context, "default")).isEqualTo("Goodbye you"));
    }

    @Test
    void aServerThatDoesNotExistIsNamedWithThoseThatDo() {
        runner.withBean(LostParting.class).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .contains("@GrpcService(servers = \"interal\")", "There are: default, internal.");
            assertThat(analysisOf(context).getAction()).contains("grpc.servers.interal.port");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "grpc.servers.internal.address=127.0.0.1:7001 | grpc.server.address=127.0.0.1:7001 | address, 127.0.0.1:7001",
                "grpc.servers.internal.address=*:7001 | grpc.server.address=127.0.0.1:7001 | port, on 127.0.0.1:7001 and 0.0.0.0:7001",
                "grpc.servers.internal.address=inprocess:a | grpc.server.address=inprocess:a | address, inprocess:a"
            })
    void twoServersOnOneAddressAreRefusedBeforeEitherStarts(String one, String other, String which) {
        runner.withBean(InternalParting.class).withPropertyValues(one, other).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("The gRPC servers 'default' and 'internal' want the same " + which + ".");
            assertThat(analysisOf(context).getAction()).contains("grpc.server.port", "grpc.servers.internal.port");
        });
    }

    @Test
    void aServerThatDoesNotStartTakesTheOthersAlong() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            runner.withBean(InternalParting.class)
                    .withPropertyValues(
                            "grpc.server.port=" + free, "grpc.servers.internal.port=" + taken.getLocalPort())
                    .run(context -> {
                        assertThat(analysisOf(context).getDescription())
                                .startsWith("The gRPC server 'internal' does not start: cannot listen on");
                        assertThat(analysisOf(context).getAction()).contains("grpc.servers.internal.port");
                        assertThat(isFree(free))
                                .as("at once, for whoever tries again")
                                .isTrue();
                    });
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "advice.enabled=false",
                "channelz.enabled=true",
                "health.services.a.include=db",
                "reflection.enabled=true",
                "shutdown.grace-period=1s",
                "validation.enabled=false"
            })
    void whatCountsForAllServersIsRefusedUnderTheNameOfOne(String property) {
        String group = property.substring(0, property.indexOf('.'));
        runner.withPropertyValues("grpc.servers.internal." + property).run(context -> {
            assertThat(analysisOf(context).getDescription())
                    .isEqualTo("Properties under grpc.servers.internal." + group + " are set, which a server of its own"
                            + " does not have: grpc.server." + group + ".* is for all servers.");
            assertThat(analysisOf(context).getAction()).startsWith("Set grpc.server." + group + ".* instead.");
        });
    }

    @Test
    void whatCountsForAllServersIsRefusedFromTheEnvironmentToo() {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("GRPC_SERVERS_INTERNAL_REFLECTION_ENABLED", "true"))))
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("Properties under grpc.servers.internal.reflection are set"));
    }

    @Test
    void aServerWithoutAPortIsRefused() {
        runner.withBean(InternalParting.class)
                .withPropertyValues("grpc.servers.internal.port=")
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .isEqualTo("The gRPC server 'internal' has no port to listen on.");
                    assertThat(analysisOf(context).getAction()).contains("grpc.servers.internal.port");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.such.host.invalid", "[::1", "unix:", "unix-abstract:", "inprocess:a b", "host:70000"})
    void anAddressThatCannotBeOneIsNamedWithItsProperty(String address) {
        runner.withBean(InternalParting.class)
                .withPropertyValues("grpc.servers.internal.address=" + address)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .startsWith("The gRPC server 'internal' cannot listen on '" + address + "', an entry of"
                                + " grpc.servers.internal.address: ")
                        .endsWith("."));
    }

    @Test
    void aMissingInterceptorIsNamedWithThoseThereAre() {
        runner.withBean("audit", Witness.class)
                .withPropertyValues("grpc.server.interceptors=adit")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo(
                                "There is no interceptor 'adit', which grpc.server.interceptors names. Interceptors there"
                                        + " are: audit."));
    }

    @Test
    void theDefaultServerIsNotOneOfTheOthers() {
        runner.withPropertyValues("grpc.servers.default.port=0")
                .run(context -> assertThat(analysisOf(context).getAction())
                        .startsWith("Write grpc.server instead of grpc.servers.default"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aServerWithNothingToServeIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.servers.internal.services=fixture.Partin")
                .run(context -> assertThat(output)
                        .contains(
                                "The gRPC server 'internal' is configured, but there is nothing to serve",
                                "'fixture.Partin' in grpc.servers.internal.services matches no service. There are:"
                                        + " fixture.Greeter."));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aPortThatNoAddressTakesIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.server.address=127.0.0.1:0", "grpc.server.port=7")
                .run(context -> assertThat(output)
                        .contains("grpc.server.port=7 does nothing: each entry of grpc.server.address has a port"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aDefaultServerThatOthersLeaveNothingToIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.servers.internal.services=*").run(context -> {
            assertThat(context.getBean(GrpcServers.class).isRunning("default")).isFalse();
            assertThat(output)
                    .contains("All services are on the gRPC servers internal: the default server is not started.");
        });
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void eachServerHasALineUnlessStartUpInfoIsOff(CapturedOutput output) {
        runner.withBean(InternalParting.class).run(context -> {
            GrpcServers servers = context.getBean(GrpcServers.class);
            assertThat(output)
                    .containsOnlyOnce("gRPC server listens on 127.0.0.1:" + servers.port("default"))
                    .containsOnlyOnce("gRPC server 'internal' listens on 127.0.0.1:" + servers.port("internal"));
        });
        runner.withPropertyValues("spring.main.log-startup-info=false")
                .run(context -> assertThat(output)
                        .doesNotContain("listens on 127.0.0.1:"
                                + context.getBean(GrpcServers.class).port("default")));
    }

    private static GrpcServerProperties propertiesOf(ApplicationContext context, String server) {
        return new ConfiguredServers(context.getEnvironment(), context.getBean(GrpcServerProperties.class))
                .all()
                .get(server);
    }

    private static String hello(ApplicationContext context, String server) {
        return hello(context, server, "you");
    }

    private static String hello(ApplicationContext context, String server, String name) {
        return with(context, server, channel -> Calls.sayHello(Greeter.Client.create(channel), name));
    }

    private static String hello(ManagedChannel channel) {
        return Calls.sayHello(Greeter.Client.create(channel), "you");
    }

    private static String goodbye(ApplicationContext context, String server) {
        return with(context, server, NamedServersTests::goodbye);
    }

    private static String goodbye(ManagedChannel channel) {
        return Parting.Client.create(channel)
                .sayGoodbye(HelloService.request("you"))
                .getMessage();
    }

    private static void assertUnimplemented(
            ApplicationContext context, String server, Function<ManagedChannel, String> call) {
        assertThatExceptionOfType(StatusException.class)
                .isThrownBy(() -> with(context, server, call))
                .satisfies(failure -> assertThat(failure.status().code()).isEqualTo(StatusCode.UNIMPLEMENTED));
    }

    private static String with(ApplicationContext context, String server, Function<ManagedChannel, String> call) {
        try (ManagedChannel channel = channelTo(context.getBean(GrpcServers.class), server)) {
            return call.apply(channel);
        }
    }

    private static ManagedChannel channelTo(GrpcServers servers, String server) {
        return ManagedChannel.builder("127.0.0.1:" + servers.port(server)).build();
    }

    @GrpcService
    static class SlowOutside extends SlowService {}

    @GrpcService(servers = "internal")
    static class SlowInside extends SlowService {}

    @GrpcService
    static class PublicGreeter extends HelloService {}

    @GrpcService(servers = "internal")
    static class InternalGreeter extends HelloService {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            return reply("Hello insider");
        }
    }

    static class Farewell implements Parting.Service {

        @Override
        public HelloReply sayGoodbye(HelloRequest request) {
            return HelloService.reply("Goodbye " + request.getName());
        }
    }

    @GrpcService
    static class PlainParting extends Farewell {}

    @GrpcService(servers = "internal")
    static class InternalParting extends Farewell {}

    @GrpcService(servers = "interal")
    static class LostParting extends Farewell {}

    @GrpcService(servers = GrpcServers.ALL)
    static class EverywhereParting extends Farewell {}

    @GrpcService(servers = "${parting.server:}")
    static class PlacedParting extends Farewell {}

    @GrpcService(servers = GrpcServers.ALL)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static class InfrastructureParting extends Farewell {}

    static class Witness implements ServerInterceptor {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                saw.add(method.fullName());
                return next.handle(call);
            };
        }
    }

    static class Diary {

        final List<String> entries = new CopyOnWriteArrayList<>();

        @EventListener
        void started(GrpcServerStartedEvent event) {
            entries.add("start " + event.getName() + " " + event.getPort().getAsInt());
        }

        @EventListener
        void stopped(GrpcServerStoppedEvent event) {
            entries.add("stop " + event.getName() + " " + event.getPort().getAsInt());
        }
    }
}
