// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.policy;

import static dev.peregrine.grpc.boot.fixture.Calls.channelTo;
import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Failing;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HealthProbe;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Parting;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.boot.fixture.SlowService;
import dev.peregrine.grpc.boot.health.GrpcHealthAutoConfiguration;
import dev.peregrine.grpc.boot.reflection.GrpcReflectionAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

class MethodPoliciesTests {

    private static final MetadataKey<String> PUSHBACK = MetadataKey.ascii("grpc-retry-pushback-ms");

    private final ApplicationContextRunner runner = ServiceRunners.runner();

    // ---- which entry holds ----

    @Test
    void eachSettingIsThatOfTheMostSpecificEntryThatHasIt() {
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=*",
                        "grpc.server.methods[0].default-deadline=2h",
                        "grpc.server.methods[0].max-message-size=10B",
                        "grpc.server.methods[1].match=fixture.Greeter/SayHello",
                        "grpc.server.methods[1].default-deadline=1h",
                        "grpc.server.methods[2].match=fixture.*",
                        "grpc.server.methods[2].default-deadline=3h")
                .run(context -> {
                    try (ManagedChannel channel = channelTo(context)) {
                        assertThat(Duration.parse(unhurried(channel)))
                                .isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
                    }
                    assertThat(Failing.hello(context, "more than ten bytes").code())
                            .isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
                });
    }

    @Test
    void aDeadlineBeyondTheCapIsCut() {
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=fixture.Greeter", "grpc.server.methods[0].max-deadline=5s")
                .run(context -> assertThat(Duration.parse(sayHello(context, "twenty seconds, please")))
                        .isBetween(Duration.ZERO, Duration.ofSeconds(5)));
    }

    @Test
    void responsesMayBeCompressedByMethod() {
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues("grpc.server.methods[0].match=*", "grpc.server.methods[0].compression=zstd")
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining("zstd"));
    }

    @Test
    void aPatternThatMatchesNothingNamesTheNearestThatWould() {
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=fixture.Greeter/SayHelo",
                        "grpc.server.methods[0].max-deadline=5s")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo(
                                "'fixture.Greeter/SayHelo' in grpc.server.methods matches no method of this application;"
                                        + " the nearest there is, is 'fixture.Greeter/SayHello'."));
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues("grpc.server.methods[0].match=fixture.Greter")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .endsWith("the nearest there is, is 'fixture.Greeter'."));
    }

    @Test
    void twoEntriesForTheSameMethodsAreRefused() {
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=fixture.Greeter",
                        "grpc.server.methods[1].match=fixture.Greeter/*")
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo("'fixture.Greeter/*' and 'fixture.Greeter' in grpc.server.methods are for the same"
                                + " methods."));
    }

    @Test
    void reflectionMayHavePoliciesWhetherItIsOnOrNot() {
        for (boolean on : new boolean[] {true, false}) {
            runner.withConfiguration(AutoConfigurations.of(GrpcReflectionAutoConfiguration.class))
                    .withUserConfiguration(Clock.class)
                    .withPropertyValues(
                            "grpc.server.reflection.enabled=" + on,
                            "grpc.server.methods[0].match=grpc.reflection.v1.ServerReflection",
                            "grpc.server.methods[0].max-concurrent-calls=5")
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void inAPartOfTheApplicationAPatternThatMatchesNothingIsLogged(CapturedOutput output) {
        runner.withUserConfiguration(Clock.class)
                .withBean(UnmatchedPatterns.class, () -> UnmatchedPatterns.LOGGED)
                .withPropertyValues("grpc.server.methods[0].match=fixture.Parting")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output)
                            .contains("'fixture.Parting' in grpc.server.methods matches no method of this application");
                });
    }

    // ---- what the properties may be ----

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    overload.max-concurrent-calls=0 | max-concurrent-calls: 0 (expected: >= 1; not set for any number)
                    overload.max-concurrent-calls=1,grpc.server.overload.max-waiting-calls=-1 | max-waiting-calls: -1 (expected: >= 0)
                    overload.max-concurrent-calls=1,grpc.server.overload.retry-after=-1s | retry-after: PT-1S (expected: >= 0)
                    overload.retry-after=1s | retry-after: PT1S has no effect without max-concurrent-calls (set that too, or remove this)
                    methods[0].max-waiting-calls=5 | match '*': max-waiting-calls: 5 has no effect without max-concurrent-calls (set that too, or remove this)
                    methods[0].max-concurrent-calls=0 | match '*': max-concurrent-calls: 0 (expected: >= 1; not set for any number)
                    methods[0].max-deadline=0s | match '*': max-deadline: PT0S (expected: > 0; not set for none)
                    methods[0].default-deadline=-1s | match '*': default-deadline: PT-1S (expected: > 0; not set for none)
                    services=fixture.Part* | services: 'fixture.Part*' (expected: pkg.Service, pkg.* or *)
                    """)
    void whatCannotBeIsRefusedByTheNameItIsWrittenBy(String properties, String text) {
        runner.withUserConfiguration(Clock.class)
                .withPropertyValues("grpc.server.methods[0].match=*")
                .withPropertyValues(("grpc.server." + properties).split(","))
                .run(context -> assertThat(context).getFailure().rootCause().hasMessage(text));
    }

    @Test
    void aNamedServerHasItsOwnPolicies() {
        runner.withUserConfiguration(InternalClock.class)
                .withPropertyValues(
                        "grpc.servers.internal.port=0",
                        "grpc.servers.internal.address=127.0.0.1",
                        "grpc.servers.internal.methods[0].match=*",
                        "grpc.servers.internal.methods[0].default-deadline=1h")
                .run(context -> {
                    String port = context.getEnvironment().getRequiredProperty("local.grpc.server.internal.port");
                    try (ManagedChannel channel =
                            ManagedChannel.builder("127.0.0.1:" + port).build()) {
                        assertThat(Duration.parse(unhurried(channel)))
                                .isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
                    }
                });
    }

    /** What the clock says to a caller who sets no deadline. */
    private static String unhurried(ManagedChannel channel) {
        return Greeter.Client.create(channel)
                .sayHello(HelloService.request("x"))
                .getMessage();
    }

    // ---- overload ----

    @Test
    void beyondTheLimitCallersAreRefusedAtOnceAndToldWhenToComeBack() {
        runner.withUserConfiguration(SlowGreeter.class)
                .withPropertyValues(
                        "grpc.server.methods[0].match=fixture.Greeter/SayHello",
                        "grpc.server.methods[0].max-concurrent-calls=1",
                        "grpc.server.methods[0].retry-after=800ms")
                .run(context -> {
                    SlowGreeter greeter = context.getBean(SlowGreeter.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        CompletionStage<HelloReply> first = occupy(channel, greeter);

                        StatusException refused = Failing.hello(context, "too much");

                        assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
                        assertThat(Integer.parseInt(refused.trailers().get(PUSHBACK)))
                                .isBetween(400, 800);
                        expectAnswer(first, greeter);
                    }
                });
    }

    @Test
    void theWholeServerHasALimitForAllItsMethods() {
        runner.withUserConfiguration(SlowGreeter.class, QuickParting.class)
                .withPropertyValues("grpc.server.overload.max-concurrent-calls=1")
                .run(context -> {
                    SlowGreeter greeter = context.getBean(SlowGreeter.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        CompletionStage<HelloReply> first = occupy(channel, greeter);

                        assertThat(goodbye(context)).isEqualTo("RESOURCE_EXHAUSTED");

                        expectAnswer(first, greeter);
                    }
                });
    }

    @Test
    void whatIsFullForOneMethodIsNotForAnother() {
        runner.withUserConfiguration(SlowGreeter.class, QuickParting.class)
                .withPropertyValues(
                        "grpc.server.overload.max-concurrent-calls=2",
                        "grpc.server.methods[0].match=fixture.Greeter",
                        "grpc.server.methods[0].max-concurrent-calls=1",
                        "grpc.server.methods[0].max-waiting-calls=1")
                .run(context -> {
                    SlowGreeter greeter = context.getBean(SlowGreeter.class);
                    try (ManagedChannel channel = channelTo(context)) {
                        CompletionStage<HelloReply> first = occupy(channel, greeter);
                        CompletionStage<HelloReply> second =
                                Greeter.AsyncClient.create(channel).sayHello(HelloService.request("second"));
                        assertThat(goodbye(context)).isEqualTo("Bye");

                        expectAnswer(first, greeter);
                        expectAnswer(second, greeter);
                    }
                });
    }

    @Test
    void whoAsksForHealthIsNotToldThatEveryMethodIsBusy() {
        runner.withConfiguration(AutoConfigurations.of(GrpcHealthAutoConfiguration.class))
                .withUserConfiguration(SlowGreeter.class)
                .withPropertyValues("grpc.server.methods[0].match=*", "grpc.server.methods[0].max-concurrent-calls=1")
                .run(context -> {
                    SlowGreeter greeter = context.getBean(SlowGreeter.class);
                    try (ManagedChannel channel = channelTo(context);
                            HealthProbe probe = new HealthProbe(context)) {
                        CompletionStage<HelloReply> first = occupy(channel, greeter);
                        assertThat(Failing.hello(context, "too much").code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);

                        assertThat(probe.list()).isNotEmpty();

                        expectAnswer(first, greeter);
                    }
                });
    }

    private static CompletionStage<HelloReply> occupy(ManagedChannel channel, SlowGreeter greeter)
            throws InterruptedException {
        CompletionStage<HelloReply> first = Greeter.AsyncClient.create(channel).sayHello(HelloService.request("first"));
        assertThat(greeter.arrived.await(20, TimeUnit.SECONDS)).isTrue();
        return first;
    }

    private static void expectAnswer(CompletionStage<HelloReply> call, SlowGreeter greeter) throws Exception {
        greeter.answer.countDown();
        assertThat(call.toCompletableFuture().get(20, TimeUnit.SECONDS).getMessage())
                .startsWith("Hello at last");
    }

    private static String goodbye(ApplicationContext context) {
        try (ManagedChannel channel = channelTo(context)) {
            return Parting.Client.create(channel)
                    .withDeadlineAfter(Duration.ofSeconds(20))
                    .sayGoodbye(HelloService.request("x"))
                    .getMessage();
        } catch (StatusException failure) {
            return failure.code().name();
        }
    }

    /** Tells how much time its callers leave it. */
    @GrpcService
    static class Clock implements Greeter.Service {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            Deadline deadline = CallContext.current().deadline();
            return HelloService.reply(
                    deadline == null ? "none" : deadline.remaining().toString());
        }
    }

    @GrpcService(servers = "internal")
    static class InternalClock extends Clock {}

    @GrpcService
    static class SlowGreeter extends SlowService {}

    @GrpcService
    static class QuickParting implements Parting.Service {

        @Override
        public HelloReply sayGoodbye(HelloRequest request) {
            return HelloService.reply("Bye");
        }
    }
}
