// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers hear of a service that fails, where one service calls another. */
@Timeout(60)
class FailureTest {

    private static final MetadataKey<String> SECRET = MetadataKey.ascii("x-secret");

    private final List<AutoCloseable> open = new ArrayList<>();

    /** A service that is out of order, as its callers know it. */
    private final ManagedChannel downstream = channelTo(serve(binding -> binding.unary(Texts.UNARY, "unary", text -> {
        throw Status.of(StatusCode.UNAVAILABLE, "shard 7 is down").asException(Metadata.of(SECRET, "shard-7"));
    })));

    @Test
    void whatAnotherServiceAnsweredIsNotOurAnswer() {
        StatusException failure =
                failureOf(serve(binding -> binding.unary(Texts.UNARY, "unary", text -> call(downstream, text))));

        expectHidden(failure);
    }

    @Test
    void norIsItIfItComesThroughAStage() {
        expectHidden(failureOf(serve(binding -> binding.asyncUnary(Texts.UNARY, text -> callAsync(downstream, text)))));
        expectHidden(failureOf(serve(binding -> binding.asyncUnary(
                Texts.UNARY, text -> callAsync(downstream, text).thenApply(String::trim)))));
        expectHidden(failureOf(serve(binding -> binding.unary(
                Texts.UNARY, "unary", text -> callAsync(downstream, text).join()))));
    }

    @Test
    void itIsIfTheServiceSaysSo() {
        StatusException failure = failureOf(serve(binding -> binding.unary(Texts.UNARY, "unary", text -> {
            try {
                return call(downstream, text);
            } catch (StatusException down) {
                throw down.forward();
            }
        })));

        assertThat(failure).hasMessage("UNAVAILABLE: shard 7 is down");
        assertThat(failure.trailers().get(SECRET)).isEqualTo("shard-7");
    }

    @Test
    void ourOwnAnswerCountsInsideAStageToo() {
        StatusException failure = failureOf(serve(binding -> binding.unary(
                Texts.UNARY,
                "unary",
                text -> CompletableFuture.<String>failedFuture(new StatusException(StatusCode.NOT_FOUND, "no " + text))
                        .join())));

        assertThat(failure).hasMessage("NOT_FOUND: no cat");
    }

    @Test
    void norDoesItMatterWhatElseTheJdkPutsAroundIt() {
        StatusException answer = new StatusException(StatusCode.NOT_FOUND, "no cat");
        for (Throwable wrapped : List.of(
                new ExecutionException(answer),
                new UndeclaredThrowableException(answer),
                new InvocationTargetException(answer),
                new CompletionException(new ExecutionException(answer)))) {
            Failure failure = Failure.of(wrapped, null);

            assertThat(failure.status().toString()).isEqualTo("NOT_FOUND: no cat");
            assertThat(failure.isUnexpected()).isFalse();
        }
        assertThat(Failure.of(new ExecutionException("no cause", null), null).isUnexpected())
                .isTrue();
    }

    @Test
    void aDeadlineOfAnotherCallIsNotOurCallers() {
        StatusException late = catchThrowableOfType(
                StatusException.class,
                () -> ClientCalls.unary(
                        channelTo(serve(binding -> binding.unary(Texts.UNARY, "unary", text -> {
                            throw StatusException.ofCall(Status.of(StatusCode.DEADLINE_EXCEEDED), Metadata.EMPTY);
                        }))),
                        Texts.UNARY,
                        CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofMinutes(5))),
                        "in time"));

        assertThat(late.code()).as("there is time left, so it was not theirs").isEqualTo(StatusCode.UNKNOWN);
    }

    @Test
    void whereOurCallersTimeIsOverThatIsTheAnswer() {
        Deadline past = Deadline.after(Duration.ofMillis(-1));

        Failure failure = Failure.of(
                StatusException.ofCall(Status.of(StatusCode.DEADLINE_EXCEEDED, "of shard 7"), Metadata.EMPTY), past);

        assertThat(failure.isUnexpected()).isFalse();
        assertThat(failure.status()).hasToString("DEADLINE_EXCEEDED: the deadline passed while the server was at work");
    }

    private static void expectHidden(StatusException failure) {
        assertThat(failure.getMessage()).matches("UNKNOWN: the service failed to answer \\(failure \\p{XDigit}+\\)");
        assertThat(failure.trailers().get(SECRET)).isNull();
    }

    private StatusException failureOf(Server server) {
        return catchThrowableOfType(StatusException.class, () -> call(channelTo(server), "cat"));
    }

    private static String call(ManagedChannel channel, String text) {
        return ClientCalls.unary(
                channel, Texts.UNARY, CallOptions.DEFAULT.withDeadline(Deadline.after(Duration.ofSeconds(30))), text);
    }

    private static CompletableFuture<String> callAsync(ManagedChannel channel, String text) {
        return AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, text)
                .toCompletableFuture();
    }

    private Server serve(Function<ServiceBinding, ServiceBinding> methods) {
        try {
            Server server = Server.builder()
                    .address(new InetSocketAddress("127.0.0.1", 0))
                    .service(methods.apply(
                                    ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object()))
                            .build())
                    .start();
            open.add(server);
            return server;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private ManagedChannel channelTo(Server server) {
        ManagedChannel channel =
                ManagedChannel.builder("127.0.0.1:" + server.port()).build();
        open.add(0, channel);
        return channel;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }
}
