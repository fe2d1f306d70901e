// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.aot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.Parting;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

/** An application whose beans were found at build time does what it does otherwise. */
class AheadOfTimeTests {

    private static final TestPropertyValues PROPERTIES = TestPropertyValues.of(
            "grpc.server.address=inprocess:ahead-of-time", "grpc.client.default.target=inprocess:ahead-of-time");

    @Test
    @CompileWithForkedClassLoader
    void servicesInterceptorsAndClientsOfEveryKindWork() {
        startAheadOfTime(context -> {
            assertThat(context.getBean(GreetingApplication.Callers.class).call())
                    .containsExactly(
                            "Bye bean", "Hello constructor", "Hello field", "Hello final field", "Hello setter");
            context.getBean("ofBeanMethod", Runnable.class).run();
            assertThat(context.getBean(GreetingApplication.Witness.class).saw())
                    .containsExactly("fixture.Greeter/SayHello", "fixture.Parting/SayGoodbye");
        });
    }

    @Test
    void whatMakesClientsIsKept() {
        RuntimeHints hints = process(new TestGenerationContext()).hints();
        for (Class<?> client : new Class<?>[] {Greeter.Client.class, Greeter.AsyncClient.class, Parting.Client.class}) {
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(client, "create"))
                    .as(client.getName())
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Parting.AsyncClient.class, "create"))
                .as("nobody asks for it")
                .rejects(hints);
    }

    @Test
    void whatMakesInterceptorsThatAreNoBeansIsKept() {
        RuntimeHints hints = process(new TestGenerationContext()).hints();
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(GreetingApplication.OnlyNamed.class)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
    }

    @Test
    void whatBindsServicesIsKept() throws NoSuchMethodException {
        RuntimeHints hints = process(new TestGenerationContext()).hints();
        assertThat(RuntimeHintsPredicates.reflection().onType(GreetingApplication.PartingService.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Parting.Service.class.getMethod("bind")))
                .accepts(hints);
    }

    @Test
    void whatMessagesAreShownByIsKept() {
        RuntimeHints hints = process(new TestGenerationContext()).hints();
        for (Class<?> type : new Class<?>[] {
            HelloRequest.class, HelloRequest.Builder.class, HelloReply.class, HelloReply.Builder.class
        }) {
            assertThat(RuntimeHintsPredicates.reflection()
                            .onType(type)
                            .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
                    .as(type.getName())
                    .accepts(hints);
        }
    }

    private record Processed(ClassName initializer, RuntimeHints hints) {}

    private static Processed process(TestGenerationContext generation) {
        try (var source = new AnnotationConfigApplicationContext()) {
            source.register(GreetingApplication.class);
            PROPERTIES.applyTo(source);
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
            generation.writeGeneratedContent();
            return new Processed(initializer, generation.getRuntimeHints());
        }
    }

    private static void startAheadOfTime(Consumer<GenericApplicationContext> assertions) {
        TestGenerationContext generation = new TestGenerationContext();
        ClassName initializer = process(generation).initializer();
        TestCompiler.forSystem().with(generation).compile(compiled -> {
            try (var context = new GenericApplicationContext()) {
                PROPERTIES.applyTo(context);
                initialize(context, compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()));
                context.refresh();
                assertions.accept(context);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static void initialize(GenericApplicationContext context, ApplicationContextInitializer<?> initializer) {
        ((ApplicationContextInitializer<GenericApplicationContext>) initializer).initialize(context);
    }
}
