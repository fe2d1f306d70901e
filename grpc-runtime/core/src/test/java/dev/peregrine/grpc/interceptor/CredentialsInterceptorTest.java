// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interceptor;

import static dev.peregrine.grpc.client.ClientScript.answer;
import static dev.peregrine.grpc.client.ClientScript.answerTo;
import static dev.peregrine.grpc.client.ClientScript.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientInterceptor;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.ForwardingClientCall;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.testkit.Frame;
import dev.peregrine.grpc.testkit.GrpcRequest;
import dev.peregrine.grpc.testkit.Header;
import dev.peregrine.grpc.testkit.ScriptedPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credentials on their way into calls, seen by the server that is called. */
@Timeout(30)
class CredentialsInterceptorTest {

    @RegisterExtension
    final ClientScript script = new ClientScript();

    private final CompletableFuture<String> token = new CompletableFuture<>();

    private static CredentialsInterceptor bearer(String token) {
        return CredentialsInterceptor.of(BearerToken.of(token)).allowingPlaintext();
    }

    private CredentialsInterceptor fetched() {
        return CredentialsInterceptor.of(BearerToken.fromAsync(() -> token)).allowingPlaintext();
    }

    private ScriptedPeer connected(ClientInterceptor... interceptors) {
        script.channel(builder -> {
            List.of(interceptors).forEach(builder::interceptor);
            return builder;
        });
        return script.connected();
    }

    private static List<String> credentialsOf(List<Header> headers) {
        return headers.stream()
                .filter(header -> header.name().equals("authorization"))
                .map(Header::value)
                .toList();
    }

    private static List<String> credentialsOf(Frame.Headers headers) {
        return credentialsOf(headers.headers());
    }

    private static CallOptions with(String authorization) {
        return CallOptions.DEFAULT.withMetadata(Metadata.of(CallCredentials.AUTHORIZATION, authorization));
    }

    // ---- when they are there ----

    @Test
    void credentialsOfTheChannelTravelWithEachCall() {
        ScriptedPeer peer = connected(bearer("t"));
        script.unary("a");
        script.unary("b");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer t");
        assertThat(credentialsOf(peer.expectHeaders(3))).containsExactly("Bearer t");
    }

    @Test
    void otherMetadataOfTheCallTravelsBesideThem() {
        ScriptedPeer peer = connected(bearer("t"));
        Metadata tag = Metadata.builder().addText("tag", "1").build();
        script.unary(CallOptions.DEFAULT.withMetadata(tag), "a");
        assertThat(peer.expectHeaders(1).headers())
                .contains(new Header("tag", "1"), new Header("authorization", "Bearer t"));
    }

    @Test
    void theyAreAskedForWithMethodAndAuthority() {
        CompletableFuture<String> asked = new CompletableFuture<>();
        connected(CredentialsInterceptor.of((method, authority) -> {
                    asked.complete(method.fullName() + " at " + authority);
                    return CompletableFuture.completedFuture(Metadata.EMPTY);
                })
                .allowingPlaintext());
        script.unary("a");
        assertThat(asked)
                .isCompletedWithValue("test.Texts/Unary at " + script.listener().authority());
    }

    // ---- when they are not there yet ----

    @Test
    void aCallWaitsForItsCredentialsAndIsThenAnswered() {
        ScriptedPeer peer = connected(fetched());
        CompletableFuture<String> call = script.unary("hi");
        assertThat(peer.pingBarrier()).isEmpty();

        token.complete("late");
        GrpcRequest request = GrpcRequest.collect(peer);
        assertThat(credentialsOf(request.headers())).containsExactly("Bearer late");
        assertThat(request.onlyMessage().utf8()).isEqualTo("hi");
        peer.send(answer(1, "ho"));
        assertThat(answerTo(call)).isEqualTo("ho");
    }

    @Test
    void aStreamThatWaitedForItsCredentialsSaysAllAndHearsAll() {
        ScriptedPeer peer = connected(fetched());
        HeardCall call = script.start(Texts.CHAT);
        call.request(1);
        assertThat(call.isReady()).isFalse();
        token.complete("late");
        assertThat(call.nextOrReady()).isEqualTo("ready");
        call.send("a");
        call.halfClose();

        assertThat(GrpcRequest.collect(peer).onlyMessage().utf8()).isEqualTo("a");
        peer.send(answer(1, "b"));
        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("message b");
        assertThat(call.next()).isEqualTo("OK");
    }

    @Test
    void aCallWhoseDeadlinePassesMeanwhileNeverOpensAStream() {
        ScriptedPeer peer = connected(fetched());
        StatusException failure = failureOf(script.unary(CallOptions.DEFAULT.withTimeout(Duration.ofMillis(30)), "hi"));
        assertThat(failure.status().toString())
                .isEqualTo("DEADLINE_EXCEEDED: the deadline passed while the call waited for its credentials");
        token.complete("too late");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void aCallThatIsCancelledMeanwhileNeverOpensAStream() {
        ScriptedPeer peer = connected(fetched());
        CompletableFuture<String> call = script.unary("hi");
        call.cancel(true);
        token.complete("too late");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    // ---- when there are none ----

    @Test
    void aStatusOfTheCredentialsEndsTheCall() {
        ScriptedPeer peer = connected(fetched());
        CompletableFuture<String> call = script.unary("hi");
        token.completeExceptionally(
                Status.of(StatusCode.UNAVAILABLE, "no tokens today").asException());
        assertThat(failureOf(call).status().toString()).isEqualTo("UNAVAILABLE: no tokens today");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void anyOtherFailureIsUnauthenticatedWithoutItsText() {
        ScriptedPeer peer = connected(fetched());
        token.completeExceptionally(new IllegalStateException("secret"));
        StatusException failure = failureOf(script.unary("hi"));
        assertThat(failure.status().toString()).isEqualTo("UNAUTHENTICATED: the call's credentials could not be had");
        assertThat(failure.getMessage()).doesNotContain("secret");
        assertThat(failure.status().cause()).hasMessage("secret");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    @Test
    void credentialsThatThrowHaveFailed() {
        connected(CredentialsInterceptor.of((method, authority) -> {
                    throw new IllegalStateException("secret");
                })
                .allowingPlaintext());
        assertThat(failureOf(script.unary("hi")).code()).isEqualTo(StatusCode.UNAUTHENTICATED);
    }

    @Test
    void aTokenThatCannotTravelEndsTheCallAndIsNotRepeated() {
        ScriptedPeer peer = connected(CredentialsInterceptor.of(BearerToken.from(() -> "secret\r\nevil: 1"))
                .allowingPlaintext());
        StatusException failure = failureOf(script.unary("hi"));
        assertThat(failure.code()).isEqualTo(StatusCode.UNAUTHENTICATED);
        assertThat(failure).hasMessageNotContaining("secret");
        assertThat(failure.status().cause()).hasMessageNotContaining("secret");
        assertThat(peer.pingBarrier()).isEmpty();
    }

    // ---- where they could be read ----

    @Test
    void credentialsAreNotSentInTheClearAndNotEvenAskedFor() {
        AtomicInteger asked = new AtomicInteger();
        ScriptedPeer peer = connected(CredentialsInterceptor.of(BearerToken.from(() -> "t" + asked.incrementAndGet())));
        assertThat(failureOf(script.unary("hi")).status().toString())
                .isEqualTo(
                        "UNAUTHENTICATED: the call's credentials were not sent: the channel is not encrypted, and they"
                                + " could be read on the way; use TLS or a unix socket, or allow it");
        assertThat(asked).hasValue(0);
        assertThat(peer.pingBarrier()).isEmpty();
    }

    // ---- one authorization ----

    @Test
    void credentialsOfTheCallReplaceThoseOfTheChannelWhichAreNotAskedFor() {
        ScriptedPeer peer = connected(fetched());
        script.unary(CallOptions.DEFAULT.withInterceptors(bearer("far"), bearer("near")), "a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer near");
    }

    @Test
    void metadataOfTheCallReplacesCredentialsOfTheChannelWhichAreNotAskedFor() {
        ScriptedPeer peer = connected(fetched());
        script.unary(with("Mine 1"), "a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Mine 1");
    }

    @Test
    void credentialsOfTheCallReplaceItsMetadata() {
        ScriptedPeer peer = connected(bearer("far"));
        script.unary(with("Mine 1").withInterceptors(bearer("near")), "a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer near");
    }

    @Test
    void oneInterceptorOnChannelAndCallCountsOnce() {
        CredentialsInterceptor both = bearer("both");
        ScriptedPeer peer = connected(both);
        script.unary(CallOptions.DEFAULT.withInterceptors(both), "a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer both");
    }

    @Test
    void ofTwoOnAChannelTheOneThatSeesTheCallFirstCounts() {
        ScriptedPeer peer = connected(bearer("first"), bearer("second"));
        script.unary("a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer first");
    }

    @Test
    void ofTwoThatAreFetchedThereIsOneAsWell() {
        ScriptedPeer peer = connected(fetched(), fetched());
        script.unary("a");
        token.complete("late");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer late");
    }

    @Test
    void aHeaderThatAnInterceptorBeforeWroteIsLeftAlone() {
        ScriptedPeer peer = connected(writing("Own 1"), bearer("t"));
        script.unary("a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Own 1");
    }

    @Test
    void credentialsOfAStubReplaceAHeaderThatAnInterceptorBeforeWrote() {
        ScriptedPeer peer = connected(writing("Own 1"));
        AsyncClientCalls.unary(script.channel(), Texts.UNARY, CallOptions.DEFAULT.withInterceptors(bearer("t")), "a");
        assertThat(credentialsOf(peer.expectHeaders(1))).containsExactly("Bearer t");
    }

    private static ClientInterceptor writing(String authorization) {
        return new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return new ForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(ClientCall.Listener<R> listener, Metadata headers) {
                        super.start(listener, headers.plus(Metadata.of(CallCredentials.AUTHORIZATION, authorization)));
                    }
                };
            }
        };
    }
}
