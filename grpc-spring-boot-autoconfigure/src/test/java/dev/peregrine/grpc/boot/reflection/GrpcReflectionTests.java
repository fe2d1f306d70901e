// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.reflection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.reflection.v1.ServerReflection;
import dev.peregrine.grpc.reflection.v1.ServerReflectionRequest;
import dev.peregrine.grpc.reflection.v1.ServerReflectionResponse;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** When a server tells what it serves. That it answers rightly is the services module's to test. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class GrpcReflectionTests {

    private static final String V1 = "grpc.reflection.v1.ServerReflection";
    private static final String V1ALPHA = "grpc.reflection.v1alpha.ServerReflection";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withClassLoader(new FilteredClassLoader("org.springframework.security"))
            .withConfiguration(
                    AutoConfigurations.of(GrpcServerAutoConfiguration.class, GrpcReflectionAutoConfiguration.class))
            .withBean(Hello.class)
            .withPropertyValues("grpc.server.address=127.0.0.1", "grpc.server.port=0");

    private static List<String> servicesOf(ApplicationContext context) {
        return servicesOf(context, GrpcServers.DEFAULT);
    }

    private static List<String> servicesOf(ApplicationContext context, String server) {
        return context.getBean(GrpcServers.class).server(server).services().stream()
                .map(service -> service.name())
                .toList();
    }

    @Test
    void reflectionIsOffByDefault() {
        runner.run(context -> assertThat(servicesOf(context)).containsExactly(Greeter.NAME));
    }

    @Test
    void reflectionIsOnWhileOneDevelops(CapturedOutput output) {
        runner.withPropertyValues("spring.profiles.active=dev")
                .run(context -> assertThat(servicesOf(context)).containsExactly(Greeter.NAME, V1, V1ALPHA));
        assertThat(output).contains("gRPC reflection is on: the profile 'dev' is active");
    }

    @Test
    void otherProfilesMayHaveItToo() {
        runner.withPropertyValues("spring.profiles.active=staging", "grpc.server.reflection.profiles=staging")
                .run(context -> assertThat(servicesOf(context)).contains(V1));
    }

    @Test
    void whereThereIsSecurityAProfileDoesNotOpenIt(CapturedOutput output) {
        runner.withClassLoader(getClass().getClassLoader())
                .withPropertyValues("spring.profiles.active=dev")
                .run(context -> assertThat(servicesOf(context)).containsExactly(Greeter.NAME));
        assertThat(output).contains("gRPC reflection is off: Spring Security is there");
    }

    @Test
    void whereThereIsSecurityAPropertyOpensIt() {
        runner.withClassLoader(getClass().getClassLoader())
                .withPropertyValues("grpc.server.reflection.enabled=true")
                .run(context -> assertThat(servicesOf(context)).contains(V1, V1ALPHA));
    }

    @Test
    void aPropertyClosesItInEveryProfile() {
        runner.withPropertyValues("spring.profiles.active=dev", "grpc.server.reflection.enabled=false")
                .run(context -> assertThat(servicesOf(context)).containsExactly(Greeter.NAME));
    }

    @Test
    void oneServerMayHaveItAlone() {
        runner.withPropertyValues(
                        "grpc.server.reflection.enabled=true",
                        "grpc.server.reflection.server=internal",
                        "grpc.server.services=*",
                        "grpc.servers.internal.address=127.0.0.1",
                        "grpc.servers.internal.port=0",
                        "grpc.servers.internal.services=*")
                .run(context -> {
                    assertThat(servicesOf(context)).containsExactly(Greeter.NAME);
                    assertThat(servicesOf(context, "internal")).containsExactly(Greeter.NAME, V1, V1ALPHA);
                });
    }

    @Test
    void aServerThatThereIsNotHasNoneAndThatIsSaid(CapturedOutput output) {
        runner.withPropertyValues("grpc.server.reflection.enabled=true", "grpc.server.reflection.server=internl")
                .run(context -> assertThat(servicesOf(context)).containsExactly(Greeter.NAME));
        assertThat(output)
                .contains("gRPC reflection is not on the server 'default': grpc.server.reflection.server is 'internl',"
                        + " which there is not. There are: default.");
    }

    @Test
    void withoutTheServicesModuleThereIsNone() {
        runner.withClassLoader(new FilteredClassLoader("dev.peregrine.grpc.services"))
                .withPropertyValues("grpc.server.reflection.enabled=true")
                .run(context -> assertThat(servicesOf(context)).containsExactly(Greeter.NAME));
    }

    @Test
    void whoeverStandsBeforeServicesStandsBeforeReflectionToo() {
        runner.withPropertyValues("grpc.server.reflection.enabled=true")
                .withBean(Guard.class)
                .run(context -> {
                    try (ManagedChannel channel = Calls.channelTo(context);
                            BidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> tool =
                                    ServerReflection.Client.create(channel).serverReflectionInfo()) {
                        assertThatExceptionOfType(StatusException.class)
                                .isThrownBy(() -> tool.iterator().next())
                                .satisfies(e -> assertThat(e.status().code()).isEqualTo(StatusCode.UNAUTHENTICATED));
                    }
                });
    }

    @GrpcGlobalServerInterceptor
    static class Guard implements ServerInterceptor {

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                throw new StatusException(StatusCode.UNAUTHENTICATED, "who are you?");
            };
        }
    }

    @GrpcService
    static class Hello extends HelloService {}
}
