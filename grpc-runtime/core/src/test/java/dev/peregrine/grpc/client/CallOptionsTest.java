// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.peregrine.grpc.Deadline;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class CallOptionsTest {

    private static final ClientInterceptor NOTHING = new ClientInterceptor() {
        @Override
        public <Q, R> ClientCall<Q, R> intercept(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
            return next.newCall(method, options);
        }
    };

    @Test
    void everyOptionIsKeptWhenAnotherChanges() {
        Executor executor = Runnable::run;
        Deadline deadline = Deadline.after(Duration.ofHours(1));
        Metadata metadata = Metadata.of(MetadataKey.ascii("k"), "v");
        CallOptions all = CallOptions.DEFAULT
                .withExecutor(executor)
                .withDeadline(deadline)
                .withMetadata(metadata)
                .withWaitForReady(true)
                .withInterceptors(NOTHING)
                .withTimeout(Duration.ofSeconds(1));

        assertThat(all.executor()).isSameAs(executor);
        assertThat(all.deadline()).isSameAs(deadline);
        assertThat(all.metadata()).isSameAs(metadata);
        assertThat(all.waitForReady()).isTrue();
        assertThat(all.interceptors()).containsExactly(NOTHING);
        assertThat(all.timeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theDefaultIsNotChangedByAnybody() {
        CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)).withWaitForReady(true);

        assertThat(CallOptions.DEFAULT)
                .isEqualTo(new CallOptions(null, null, Metadata.EMPTY, false, null, List.of(), null));
    }

    @Test
    void theInterceptorsCannotBeChangedFromOutside() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> CallOptions.DEFAULT
                        .withInterceptors(NOTHING)
                        .interceptors()
                        .clear());
    }

    @Test
    void withoutDeadlineAndTimeoutACallHasNone() {
        assertThat(CallOptions.DEFAULT.effectiveDeadline()).isNull();
    }

    @Test
    void aDeadlineAloneIsTheCalls() {
        Deadline deadline = Deadline.after(Duration.ofHours(1));

        assertThat(CallOptions.DEFAULT.withDeadline(deadline).effectiveDeadline())
                .isSameAs(deadline);
    }

    @Test
    void aTimeoutIsCountedFromNow() {
        assertThat(remaining(CallOptions.DEFAULT.withTimeout(Duration.ofHours(1))))
                .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void ofDeadlineAndTimeoutTheEarlierCounts() {
        Deadline inAnHour = Deadline.after(Duration.ofHours(1));

        assertThat(CallOptions.DEFAULT
                        .withDeadline(inAnHour)
                        .withTimeout(Duration.ofHours(2))
                        .effectiveDeadline())
                .isSameAs(inAnHour);
        assertThat(remaining(CallOptions.DEFAULT.withDeadline(inAnHour).withTimeout(Duration.ofMinutes(1))))
                .isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    private static Duration remaining(CallOptions options) {
        return Objects.requireNonNull(options.effectiveDeadline()).remaining();
    }
}
