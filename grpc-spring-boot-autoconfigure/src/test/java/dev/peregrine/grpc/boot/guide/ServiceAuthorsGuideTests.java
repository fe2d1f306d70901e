// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.protobuf.StatusDetails;
import dev.peregrine.grpc.stub.ServerStreamingCall;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What docs/service-authors.md shows, called over a socket. */
class ServiceAuthorsGuideTests {

    private final ApplicationContextRunner runner = ServiceRunners.runner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withPropertyValues("spring.config.location=classpath:/service-authors.yml")
            .withUserConfiguration(Shelves.class, LibraryService.class, LibraryAdvice.class, AuditTrail.class);

    @Test
    void theLibraryAnswers() {
        with(library -> assertThat(library.find(find("Dune")).getTitle()).isEqualTo("Dune"));
    }

    @Test
    void adviceSaysWhatExceptionsBecome() {
        with(library -> {
            StatusException missing = failureOf(() -> library.find(find("Ulysses")));
            assertThat(missing).hasMessage("NOT_FOUND: no book Ulysses");
            assertThat(StatusDetails.of(missing).first(ErrorInfo.class))
                    .hasValueSatisfying(info -> assertThat(info.getReason()).isEqualTo("NO_SUCH_BOOK"));

            Library.Client member = library.withMetadata(Metadata.of(CardCheck.CARD, "4711"));
            assertThat(failureOf(() -> member.lend(lend(28)))).hasMessage("ABORTED: Lend came in between; read again");
        });
    }

    @Test
    void whatFailsBehindTheFirstAnswerIsTranslatedToo() {
        with(library -> {
            ServerStreamingCall<Book> books = library.browse(find("Dune"));
            assertThat(books.read().getTitle()).isEqualTo("Dune");
            assertThat(failureOf(books::read)).hasMessage("UNAVAILABLE: the library opens at nine");
        });
    }

    @Test
    void lendingNeedsACardAndIsAudited() {
        runner.run(context -> {
            try (ManagedChannel channel = Calls.channelTo(context)) {
                Library.Client library = Library.Client.create(channel);
                assertThat(failureOf(() -> library.lend(lend(14))).code()).isEqualTo(StatusCode.UNAUTHENTICATED);

                library.withMetadata(Metadata.of(CardCheck.CARD, "4711")).lend(lend(14));

                assertThat(context.getBean(AuditTrail.class).entries).containsExactly("guide.Library/Lend");
            }
        });
    }

    @Test
    void rulesOfTheProtoFileAreKept() {
        with(library -> {
            StatusException failure = failureOf(() ->
                    library.withMetadata(Metadata.of(CardCheck.CARD, "4711")).lend(lend(99)));
            assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
            assertThat(StatusDetails.of(failure).first(BadRequest.class))
                    .hasValueSatisfying(request ->
                            assertThat(request.getFieldViolations(0).getField()).isEqualTo("days"));
        });
    }

    @Test
    void policiesOfTheYamlFileHold() {
        with(library -> assertThat(
                        failureOf(() -> library.find(find("x".repeat(20_000)))).code())
                .isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
    }

    private void with(Consumer<Library.Client> calls) {
        runner.run(context -> {
            try (ManagedChannel channel = Calls.channelTo(context)) {
                calls.accept(Library.Client.create(channel).withDeadlineAfter(Duration.ofSeconds(20)));
            }
        });
    }

    private static StatusException failureOf(Runnable call) {
        return catchThrowableOfType(StatusException.class, call::run);
    }

    private static FindBook find(String title) {
        return FindBook.newBuilder().setTitle(title).build();
    }

    private static LendBook lend(int days) {
        return LendBook.newBuilder().setTitle("Dune").setDays(days).build();
    }
}
