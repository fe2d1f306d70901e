// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.advice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.server.GrpcService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;

/** Handlers are called by reflection, and a native image must keep them. */
class AdviceAheadOfTimeTests {

    @Test
    void handlersOfAdviceAndServicesAreKeptHoweverTheyAreDeclared() {
        RuntimeHints hints = hintsFor(Advice.class, Service.class);

        List<String> kept = new ArrayList<>();
        for (Class<?> type : List.of(Advice.class, Inherited.class, Service.class)) {
            for (var method : type.getDeclaredMethods()) {
                if (RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(method)
                        .test(hints)) {
                    kept.add(type.getSimpleName() + "." + method.getName());
                }
            }
        }
        assertThat(kept).containsExactlyInAnyOrder("Advice.hidden", "Inherited.inherited", "Service.own");
    }

    private static RuntimeHints hintsFor(Class<?>... components) {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.register(components);
            TestGenerationContext generation = new TestGenerationContext();
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            return generation.getRuntimeHints();
        }
    }

    abstract static class Inherited {

        @GrpcExceptionHandler
        Status inherited(IllegalArgumentException failure) {
            return Status.of(StatusCode.INVALID_ARGUMENT);
        }
    }

    @GrpcAdvice
    static class Advice extends Inherited {

        @GrpcExceptionHandler
        @SuppressWarnings("UnusedMethod") // By code.
        private Status hidden(UnsupportedOperationException failure) {
            return Status.of(StatusCode.UNIMPLEMENTED);
        }

        Status noHandler(UnsupportedOperationException failure) {
            return Status.of(StatusCode.UNIMPLEMENTED);
        }
    }

    @GrpcService
    static class Service implements Greeter.Service {

        @GrpcExceptionHandler
        Status own(IllegalStateException failure) {
            return Status.of(StatusCode.FAILED_PRECONDITION);
        }
    }
}
