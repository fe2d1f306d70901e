// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Failing;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.RuntimeLog;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.boot.server.GrpcGlobalServerInterceptor;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.protobuf.StatusDetails;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServerInterceptor;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;

class ErrorAdviceTests {

    private static final MetadataKey<String> SHELF = MetadataKey.ascii("x-shelf");

    private static class NoSuchBook extends RuntimeException {
        NoSuchBook(String title) {
            super(title);
        }
    }

    private static class NoSuchVolume extends NoSuchBook {
        NoSuchVolume(String title) {
            super(title);
        }
    }

    // ---- who decides ----

    @Test
    void theHandlerOfTheNearestTypeDecides() {
        failing(() -> new NoSuchVolume("Dune 7"))
                .withUserConfiguration(Library.class)
                .run(context -> {
                    StatusException failure = Failing.hello(context, "x");
                    assertThat(failure).hasMessage("OUT_OF_RANGE: no volume Dune 7 for fixture.Greeter/SayHello");
                });
        failing(() -> new NoSuchBook("Dune"))
                .withUserConfiguration(Library.class)
                .run(context -> {
                    StatusException failure = Failing.hello(context, "x");
                    assertThat(failure).hasMessage("NOT_FOUND: no book Dune");
                    assertThat(failure.trailers().get(SHELF))
                            .as("a trailer of the handler")
                            .isEqualTo("7");
                });
    }

    @Test
    void adviceMayBeSwitchedOff() {
        failing(() -> new NoSuchBook("Dune"))
                .withUserConfiguration(Library.class)
                .withPropertyValues("grpc.server.advice.enabled=false")
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessageStartingWith("UNKNOWN: "));
    }

    @Test
    void anApplicationWithAServerOfItsOwnHasNoAdviceOfOurs() throws IOException {
        Server own = Calls.serve(new HelloService());
        ServiceRunners.runner()
                .withBean(Server.class, () -> own)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ErrorTranslation.class));
    }

    @Test
    void theServiceItselfDecidesBeforeAdvice() {
        ServiceRunners.runner()
                .withUserConfiguration(Library.class, OwnMindService.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("DATA_LOSS: burnt: Dune"));
    }

    @Test
    void ofSeveralAdvicesTheFirstInOrderDecides() {
        failing(() -> new NoSuchBook("Dune"))
                .withUserConfiguration(Library.class, Before.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("ABORTED: asked first"));
    }

    @Test
    void adviceThatHasNoIdeaLetsTheNextOneDecide() {
        failing(() -> new NoSuchBook("Dune"))
                .withUserConfiguration(Library.class, Clueless.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("NOT_FOUND: no book Dune"));
    }

    @Test
    void detailsOfGoogleRpcReachTheCaller() {
        failing(() -> new UnsupportedOperationException("secret"))
                .withUserConfiguration(Library.class)
                .run(context -> {
                    StatusException failure = Failing.hello(context, "x");
                    assertThat(failure).hasMessage("UNIMPLEMENTED: not yet");
                    assertThat(StatusDetails.of(failure).first(ErrorInfo.class))
                            .hasValueSatisfying(
                                    info -> assertThat(info.getReason()).isEqualTo("LATER"));
                });
    }

    @Test
    void whatAHandlerThrowsIsTheAnswerToo() {
        failing(() -> new ArithmeticException("secret"))
                .withUserConfiguration(Library.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("INTERNAL: thrown"));
    }

    // ---- what is asked, and what is not ----

    @Test
    void aStatusThatAServiceThrowsIsItsAnswer() {
        failing(() -> new StatusException(Status.of(StatusCode.ABORTED, "as I say"), Metadata.of(SHELF, "9")))
                .withUserConfiguration(CatchAll.class)
                .run(context -> {
                    StatusException failure = Failing.hello(context, "x");
                    assertThat(failure).hasMessage("ABORTED: as I say");
                    assertThat(failure.trailers().get(SHELF)).isEqualTo("9");
                });
    }

    @Test
    void whatAnotherServiceAnsweredIsAskedLikeAnyException() {
        StatusException ofCall =
                StatusException.ofCall(Status.of(StatusCode.UNAVAILABLE, "shard 7 is down"), Metadata.EMPTY);
        failing(() -> ofCall)
                .run(context -> assertThat(Failing.hello(context, "x").getMessage())
                        .startsWith("UNKNOWN: the service failed to answer (failure "));
        failing(() -> ofCall)
                .withUserConfiguration(CatchAll.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("UNAVAILABLE: try again"));
    }

    @Test
    void whatAnotherServiceAnsweredIsNotTheAnswerOfWhatItCaused() {
        StatusException ofCall = StatusException.ofCall(
                Status.of(StatusCode.PERMISSION_DENIED, "shard 7 wants a token"), Metadata.of(SHELF, "7"));
        failing(() -> new IllegalStateException("no shard", ofCall)).run(context -> {
            StatusException failure = Failing.hello(context, "x");
            assertThat(failure.getMessage()).startsWith("UNKNOWN: the service failed to answer (failure ");
            assertThat(failure.trailers().get(SHELF)).isNull();
        });
    }

    @Test
    void wrappersOfAsynchronousAndProxiedCodeAreTakenOff() {
        ServiceRunners.runner()
                .withUserConfiguration(Library.class, AsyncService.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("NOT_FOUND: no book Dune"));
        failing(() -> new java.util.concurrent.CompletionException(new FileNotFoundException("secret")))
                .withUserConfiguration(Library.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("UNAVAILABLE: the disk is full"));
    }

    @Test
    void aPublisherThatFailsBehindItsFirstAnswerIsTranslatedToo() {
        ServiceRunners.runner()
                .withUserConfiguration(Library.class, AsyncService.class)
                .run(context -> {
                    try (ManagedChannel channel = Calls.channelTo(context);
                            ServerStreamingCall<HelloReply> replies = Greeter.Client.create(channel)
                                    .withDeadlineAfter(Duration.ofSeconds(20))
                                    .watch(HelloService.request("x"))) {
                        assertThat(replies.read().getMessage()).isEqualTo("first");
                        assertThatThrownBy(replies::read).hasMessage("NOT_FOUND: no book Dune");
                    }
                });
    }

    @Test
    void whatInterceptorsThrowIsTranslatedToo() {
        ServiceRunners.runner()
                .withUserConfiguration(Library.class, PlainService.class, Doorman.class)
                .run(context -> assertThat(Failing.hello(context, "x")).hasMessage("NOT_FOUND: no book at the door"));
    }

    // ---- what nobody handles ----

    @Test
    void whatNobodyHandlesIsLoggedOnceAndLeavesWithoutItsText() {
        failing(() -> new IllegalStateException("the password is 1234"))
                .withUserConfiguration(Library.class)
                .run(context -> {
                    try (RuntimeLog log = new RuntimeLog()) {
                        String message = Failing.hello(context, "x").getMessage();

                        assertThat(message).matches("UNKNOWN: the service failed to answer \\(failure \\p{XDigit}+\\)");
                        String id = message.substring(message.indexOf("(failure"));
                        assertThat(log.entries())
                                .singleElement(STRING)
                                .satisfies(entry -> assertThat(entry)
                                        .startsWith("SEVERE the handler of fixture.Greeter/SayHello failed " + id)
                                        .contains("IllegalStateException: the password is 1234"));
                    }
                });
    }

    @Test
    void aHandlerThatFailsItselfLeavesTheCallWithoutAnswer() {
        failing(() -> new IndexOutOfBoundsException("the first secret"))
                .withUserConfiguration(Library.class)
                .run(context -> {
                    try (RuntimeLog log = new RuntimeLog()) {
                        assertThat(Failing.hello(context, "x").getMessage())
                                .startsWith("UNKNOWN: the service failed to answer");
                        assertThat(log.entries())
                                .singleElement(STRING)
                                .satisfies(entry -> assertThat(entry)
                                        .contains("Library.clumsy failed", "the second secret", "the first secret"));
                    }
                });
    }

    // ---- handlers that cannot be ----

    @Test
    void aHandlerThatReturnsSomethingElseIsRefused() {
        failing(() -> null)
                .withUserConfiguration(Odd.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .isEqualTo("@GrpcExceptionHandler Odd.odd of the bean 'odd' returns java.lang.String."));
    }

    @Test
    void twoHandlersForOneExceptionAreRefused() {
        failing(() -> null)
                .withUserConfiguration(Undecided.class)
                .run(context -> assertThat(analysisOf(context).getDescription())
                        .contains("has two @GrpcExceptionHandler methods for " + NoSuchBook.class.getName())
                        .contains("Undecided.one", "Undecided.other"));
    }

    /** A greeter that throws this. */
    private static ApplicationContextRunner failing(Supplier<RuntimeException> failure) {
        return ServiceRunners.runner().withBean("greeter", Thrower.class, () -> new Thrower(failure));
    }

    @GrpcService
    static class Thrower implements Greeter.Service {

        private final Supplier<RuntimeException> failure;

        Thrower(Supplier<RuntimeException> failure) {
            this.failure = failure;
        }

        @Override
        public HelloReply sayHello(HelloRequest request) {
            throw failure.get();
        }
    }

    @GrpcService
    static class PlainService extends HelloService {}

    @GrpcService
    static class OwnMindService implements Greeter.Service {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            throw new NoSuchBook("Dune");
        }

        @GrpcExceptionHandler
        Status burnt(NoSuchBook failure) {
            return Status.of(StatusCode.DATA_LOSS, "burnt: " + failure.getMessage());
        }
    }

    @GrpcService
    static class AsyncService implements Greeter.AsyncService {

        @Override
        public CompletionStage<HelloReply> sayHello(HelloRequest request) {
            return CompletableFuture.<HelloReply>failedFuture(new NoSuchBook("Dune"))
                    .thenApply(reply -> reply);
        }

        @Override
        public Flow.Publisher<HelloReply> watch(HelloRequest request) {
            return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {

                private boolean asked;

                @Override
                public void request(long n) {
                    if (!asked) {
                        asked = true;
                        subscriber.onNext(HelloService.reply("first"));
                        subscriber.onError(new NoSuchBook("Dune"));
                    }
                }

                @Override
                public void cancel() {}
            });
        }
    }

    @GrpcAdvice("library")
    @Order(10)
    static class Library {

        @GrpcExceptionHandler
        StatusException book(NoSuchBook failure) {
            return new StatusException(
                    Status.of(StatusCode.NOT_FOUND, "no book " + failure.getMessage()), Metadata.of(SHELF, "7"));
        }

        @GrpcExceptionHandler
        Status volume(MethodDescriptor<?, ?> method, NoSuchVolume failure, CallContext call) {
            assertThat(call.method()).isSameAs(method);
            return Status.of(
                    StatusCode.OUT_OF_RANGE, "no volume " + failure.getMessage() + " for " + method.fullName());
        }

        @GrpcExceptionHandler(UnsupportedOperationException.class)
        com.google.rpc.Status later() {
            return com.google.rpc.Status.newBuilder()
                    .setCode(StatusCode.UNIMPLEMENTED.value())
                    .setMessage("not yet")
                    .addDetails(
                            Any.pack(ErrorInfo.newBuilder().setReason("LATER").build()))
                    .build();
        }

        @GrpcExceptionHandler
        Status checked(IOException failure) {
            return Status.of(StatusCode.UNAVAILABLE, "the disk is full");
        }

        @GrpcExceptionHandler
        Status thrown(ArithmeticException failure) {
            throw new StatusException(StatusCode.INTERNAL, "thrown");
        }

        @GrpcExceptionHandler
        Status clumsy(IndexOutOfBoundsException failure) {
            throw new IllegalStateException("the second secret");
        }
    }

    @GrpcAdvice
    @Order(1)
    static class Before {

        @GrpcExceptionHandler(RuntimeException.class)
        Status all() {
            return Status.of(StatusCode.ABORTED, "asked first");
        }
    }

    @GrpcAdvice
    @Order(1)
    static class Clueless {

        @GrpcExceptionHandler(RuntimeException.class)
        Status all() {
            return null;
        }
    }

    @GrpcAdvice
    static class CatchAll {

        @GrpcExceptionHandler
        Status all(Exception failure) {
            return Status.of(StatusCode.UNAVAILABLE, "try again");
        }
    }

    @GrpcAdvice("odd")
    static class Odd {

        @GrpcExceptionHandler
        String odd(Exception failure) {
            return "odd";
        }
    }

    @GrpcAdvice
    static class Undecided {

        @GrpcExceptionHandler
        Status one(NoSuchBook failure) {
            return Status.of(StatusCode.ABORTED);
        }

        @GrpcExceptionHandler(NoSuchBook.class)
        Status other() {
            return Status.of(StatusCode.ABORTED);
        }
    }

    @GrpcGlobalServerInterceptor
    static class Doorman implements ServerInterceptor {

        @Override
        public <Q, R> ServerHandler<Q, R> intercept(MethodDescriptor<Q, R> method, ServerHandler<Q, R> next) {
            return call -> {
                throw new NoSuchBook("at the door");
            };
        }
    }
}
