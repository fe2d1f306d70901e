// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import build.buf.protovalidate.exceptions.CompilationException;
import com.google.rpc.BadRequest;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcAdvice;
import dev.peregrine.grpc.boot.advice.GrpcExceptionHandler;
import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Failing;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.Item;
import dev.peregrine.grpc.boot.fixture.Order;
import dev.peregrine.grpc.boot.fixture.OrderId;
import dev.peregrine.grpc.boot.fixture.Orders;
import dev.peregrine.grpc.boot.fixture.Receipt;
import dev.peregrine.grpc.boot.fixture.RuntimeLog;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.boot.health.GrpcHealthAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.protobuf.StatusDetails;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientStreamingCall;
import dev.peregrine.grpc.stub.RequestReader;
import dev.peregrine.grpc.stub.ResponseWriter;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintDeclarationException;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Payload;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.hibernate.validator.HibernateValidatorConfiguration;
import org.hibernate.validator.cfg.ConstraintMapping;
import org.hibernate.validator.cfg.defs.SizeDef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationConfigurationCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.annotation.Validated;

class RequestValidationTests {

    private static final Order GOOD = order("Ann", 1);
    private static final Order BAD = Order.newBuilder()
            .addItems(Item.newBuilder().setQuantity(1))
            .addItems(Item.newBuilder().setQuantity(-2))
            .build();

    private final ApplicationContextRunner runner = ServiceRunners.runner().withUserConfiguration(OrderService.class);

    private final ApplicationContextRunner jakarta =
            ServiceRunners.runner().withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class));

    // ---- rules in proto files ----

    @Test
    void aRequestThatObeysItsRulesIsServed() {
        runner.run(context -> {
            try (ManagedChannel channel = Calls.channelTo(context)) {
                assertThat(Orders.Client.create(channel).place(GOOD).getText()).isEqualTo("Ann: 1");
            }
        });
    }

    @Test
    void aRequestThatBreaksThemIsNotSeenByTheServiceAndItsFieldsAreNamed() {
        runner.run(context -> {
            StatusException failure = Failing.order(context, orders -> orders.place(BAD));

            assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
            assertThat(violations(failure))
                    .containsExactly(
                            "customer: value length must be at least 1 characters",
                            "items[1].quantity: value must be greater than 0");
            assertThat(failure.getMessage()).contains("customer: ", "items[1].quantity: ");
            assertThat(context.getBean(OrderService.class).saw).isEmpty();
        });
    }

    @Test
    void eachRequestOfAnUploadIsChecked() {
        runner.run(context -> {
            StatusException failure = Failing.order(context, orders -> {
                ClientStreamingCall<Order, Receipt> upload = orders.placeAll();
                upload.write(GOOD);
                upload.write(BAD);
                upload.finish();
            });

            assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
            assertThat(violations(failure)).hasSize(2);
            assertThat(context.getBean(OrderService.class).saw).containsExactly("Ann");
        });
    }

    @Test
    void aConversationEndsAtTheFirstRequestThatBreaksTheRulesBehindTheAnswersBefore() {
        runner.run(context -> {
            StatusException failure = Failing.order(context, orders -> {
                BidiStreamingCall<Order, Receipt> conversation = orders.negotiate();
                conversation.write(GOOD);
                assertThat(conversation.read().getText()).isEqualTo("Ann: 1");
                conversation.write(BAD);
                conversation.read();
            });

            assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
            assertThat(violations(failure)).hasSize(2);
        });
    }

    @Test
    void anAsynchronousServiceInTheMidstOfReadingIsToldThatNothingMoreComes() {
        ServiceRunners.runner().withUserConfiguration(AsyncOrderService.class).run(context -> {
            StatusException failure = Failing.order(context, orders -> {
                ClientStreamingCall<Order, Receipt> upload = orders.placeAll();
                upload.write(GOOD);
                upload.write(BAD);
                upload.finish();
            });

            assertThat(violations(failure)).hasSize(2);
            assertThat(context.getBean(AsyncOrderService.class).end.get(20, TimeUnit.SECONDS))
                    .hasMessageStartingWith("INVALID_ARGUMENT");
        });
    }

    @Test
    void whatAHandlerDoesBehindARequestThatBrokeTheRulesIsNoFailureOfIts() {
        for (Stubborn.Manner manner : Stubborn.Manner.values()) {
            stubborn().run(context -> {
                Stubborn service = context.getBean(Stubborn.class);
                service.manner = manner;
                try (RuntimeLog log = new RuntimeLog()) {
                    StatusException failure = Failing.order(context, orders -> {
                        BidiStreamingCall<Order, Receipt> conversation = orders.negotiate();
                        conversation.write(BAD);
                        conversation.read();
                    });
                    assertThat(failure.code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
                    assertThat(service.heard.get(20, TimeUnit.SECONDS)).isEqualTo(StatusCode.INVALID_ARGUMENT);

                    ExecutorService thread = context.getBean("thread", ExecutorService.class);
                    thread.submit(() -> {}).get(20, TimeUnit.SECONDS); // The call has left it.

                    assertThat(log.entries()).as(manner.name()).noneMatch(entry -> entry.startsWith("SEVERE"));
                    assertThat(context.getBean(Consultant.class).asked)
                            .as(manner.name())
                            .isEmpty();
                }
            });
        }
    }

    private static ApplicationContextRunner stubborn() {
        return ServiceRunners.runner()
                .withUserConfiguration(Stubborn.class, Consultant.class)
                .withBean("thread", ExecutorService.class, Executors::newSingleThreadExecutor);
    }

    @Test
    void aMethodWhoseRequestHasNoRulesCostsNothing() {
        ValidatingInterceptor interceptor = new ValidatingInterceptor(new ProtoRules(
                build.buf.protovalidate.ValidatorFactory.newBuilder().build()));
        ServerHandler<OrderId, Receipt> handler = call -> null;

        assertThat(interceptor.intercept(Orders.TRACK, handler)).isSameAs(handler);
    }

    @Test
    void rulesThatCannotBeAppliedAreNamedAtTheStart() {
        ProtoRules rules = new ProtoRules(message -> {
            throw new CompilationException("no such function: lenght");
        });

        assertThatExceptionOfType(FailureAnalyzedException.class)
                .isThrownBy(() -> rules.checkFor(Order.getDefaultInstance()))
                .satisfies(failure -> assertThat(failure.analysis().getDescription())
                        .isEqualTo("The buf.validate rules of fixture.Order, in orders.proto or in a file of one of its"
                                + " fields, cannot be applied: no such function: lenght"));
    }

    @Test
    void validationCanBeSwitchedOff() {
        runner.withPropertyValues("grpc.server.validation.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ValidatingInterceptor.class));
    }

    @Test
    void withoutTheLibrariesThereIsNoValidation() {
        runner.withClassLoader(new FilteredClassLoader("build.buf", "jakarta.validation"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(ValidatingInterceptor.class);
                    assertThat(Failing.order(
                                            context,
                                            orders -> orders.track(OrderId.getDefaultInstance())
                                                    .read())
                                    .code())
                            .isEqualTo(StatusCode.UNIMPLEMENTED);
                });
    }

    // ---- Jakarta Validation ----

    @Test
    void constraintsOnMessagesThatAMappingStatesAreChecked() {
        jakarta.withUserConfiguration(PlainService.class, Mapped.class).run(context -> {
            assertThat(Calls.sayHello(context, "Bob")).isEqualTo("Hello Bob");

            StatusException failure = Failing.hello(context, "A name that is too long");

            assertThat(failure).hasMessageStartingWith("INVALID_ARGUMENT: name: size must be between 1 and 10");
            assertThat(violations(failure)).containsExactly("name: size must be between 1 and 10");
            assertThat(context.getBean(PlainService.class).seen).hasSize(1);
        });
    }

    @Test
    void constraintsOnParametersOfAValidatedServiceAreChecked() {
        jakarta.withUserConfiguration(ValidatedService.class).run(context -> {
            assertThat(Calls.sayHello(context, "Bob")).isEqualTo("Hello Bob");

            StatusException failure = Failing.hello(context, "Mallory");

            assertThat(failure).hasMessage("INVALID_ARGUMENT: nobody of that name");
            assertThat(violations(failure)).containsExactly(": nobody of that name");
        });
    }

    @Test
    void aResultThatBreaksItsConstraintsIsTheServicesOwnFailure() {
        jakarta.withUserConfiguration(ValidatedService.class)
                .run(context ->
                        assertThat(Failing.hello(context, "nobody").code()).isEqualTo(StatusCode.UNKNOWN));
    }

    @Test
    void whatElseBreaksConstraintsWhileTheServiceWorksIsItsOwnFailureToo() {
        for (Internal.What what : Internal.What.values()) {
            jakarta.withUserConfiguration(Internal.class).run(context -> {
                context.getBean(Internal.class).what = what;

                StatusException failure = Failing.hello(context, "Bob");

                assertThat(failure.code()).as(what.name()).isEqualTo(StatusCode.UNKNOWN);
                assertThat(failure.getMessage()).doesNotContain("passwordHash", "nobody of that name");
            });
        }
    }

    @Test
    void overriddenMethodsKeepTheirRulesWhereNothingIsServed() {
        jakarta.withConfiguration(AutoConfigurations.of(GrpcHealthAutoConfiguration.class))
                .run(context -> assertThat(overrides(context)).isFalse());
        jakarta.withUserConfiguration(PlainService.class)
                .run(context -> assertThat(overrides(context)).isTrue());
    }

    /** Whether a parameter may have constraints that the overridden method has not. */
    private static boolean overrides(ApplicationContext context) {
        Validator validator = context.getBean(Validator.class);
        try {
            validator.getConstraintsForClass(Stricter.class).isBeanConstrained();
            return true;
        } catch (ConstraintDeclarationException refused) {
            return false;
        }
    }

    private static List<String> violations(StatusException failure) {
        return StatusDetails.of(failure).first(BadRequest.class).orElseThrow().getFieldViolationsList().stream()
                .map(violation -> violation.getField() + ": " + violation.getDescription())
                .toList();
    }

    private static Order order(String customer, int quantity) {
        return Order.newBuilder()
                .setCustomer(customer)
                .addItems(Item.newBuilder().setArticle("tea").setQuantity(quantity))
                .build();
    }

    @GrpcService
    static class OrderService implements Orders.Service {

        final List<String> saw = new CopyOnWriteArrayList<>();

        @Override
        public Receipt place(Order order) {
            saw.add(order.getCustomer());
            return receipt(order);
        }

        @Override
        public Receipt placeAll(RequestReader<Order> orders) {
            orders.forEach(order -> saw.add(order.getCustomer()));
            return Receipt.getDefaultInstance();
        }

        @Override
        public void negotiate(RequestReader<Order> orders, ResponseWriter<Receipt> receipts) {
            orders.forEach(order -> receipts.write(receipt(order)));
        }

        private static Receipt receipt(Order order) {
            return Receipt.newBuilder()
                    .setText(order.getCustomer() + ": " + order.getItems(0).getQuantity())
                    .build();
        }
    }

    /** Wants to hear of every failure. */
    @GrpcAdvice
    static class Consultant {

        final List<Throwable> asked = new CopyOnWriteArrayList<>();

        @GrpcExceptionHandler
        @Nullable
        Status ask(RuntimeException failure) {
            asked.add(failure);
            return null;
        }
    }

    /** Goes on though its reading fails. */
    @GrpcService(executor = "thread")
    static class Stubborn implements Orders.Service {

        enum Manner {
            RETURNS,
            WRITES,
            FAILS_OTHERWISE
        }

        final CompletableFuture<StatusCode> heard = new CompletableFuture<>();
        volatile Manner manner = Manner.RETURNS;

        @Override
        public void negotiate(RequestReader<Order> orders, ResponseWriter<Receipt> receipts) {
            try {
                orders.forEach(order -> {});
            } catch (StatusException broken) {
                heard.complete(broken.code());
                switch (manner) {
                    case RETURNS -> {}
                    case WRITES -> receipts.write(Receipt.getDefaultInstance());
                    case FAILS_OTHERWISE -> throw new IllegalStateException("the conversation broke", broken);
                }
            }
        }
    }

    @GrpcService
    static class AsyncOrderService implements Orders.AsyncService {

        final CompletableFuture<Throwable> end = new CompletableFuture<>();

        @Override
        public CompletionStage<Receipt> placeAll(Flow.Publisher<Order> orders) {
            orders.subscribe(new Flow.Subscriber<>() {

                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(10);
                }

                @Override
                public void onNext(Order order) {}

                @Override
                public void onError(Throwable failure) {
                    end.complete(failure);
                }

                @Override
                public void onComplete() {
                    end.completeExceptionally(new AssertionError("complete"));
                }
            });
            return new CompletableFuture<>();
        }
    }

    @GrpcService
    static class PlainService extends HelloService {}

    @Configuration(proxyBeanMethods = false)
    static class Mapped {

        @Bean
        ValidationConfigurationCustomizer greetings() {
            return configuration -> {
                HibernateValidatorConfiguration hibernate = (HibernateValidatorConfiguration) configuration;
                ConstraintMapping mapping = hibernate.createConstraintMapping();
                mapping.type(HelloRequest.class)
                        .getter("name")
                        .constraint(new SizeDef().min(1).max(10));
                hibernate.addMapping(mapping);
            };
        }
    }

    @GrpcService
    @Validated
    static class ValidatedService implements Greeter.Service {

        @Override
        @Known
        public HelloReply sayHello(@Known HelloRequest request) {
            return HelloService.reply("Hello " + request.getName());
        }
    }

    /** Has constraints of its own to keep, which its callers know nothing of. */
    @GrpcService
    static class Internal implements Greeter.Service {

        enum What {
            ENTITY,
            REPLY
        }

        record Account(@NotNull String passwordHash) {}

        private final Validator validator;
        volatile What what = What.ENTITY;

        Internal(Validator validator) {
            this.validator = validator;
        }

        @Override
        public HelloReply sayHello(HelloRequest request) {
            Set<? extends ConstraintViolation<?>> violations =
                    what == What.ENTITY ? validator.validate(new Account(null)) : brokenReply();
            throw new ConstraintViolationException(violations);
        }

        private Set<? extends ConstraintViolation<?>> brokenReply() {
            try {
                return validator
                        .forExecutables()
                        .validateReturnValue(
                                new ValidatedService(),
                                ValidatedService.class.getMethod("sayHello", HelloRequest.class),
                                HelloService.reply("Hello nobody"));
            } catch (NoSuchMethodException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    interface Lax {
        void take(String text);
    }

    static class Stricter implements Lax {
        @Override
        public void take(@NotNull String text) {}
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = {KnownRequest.class, KnownReply.class})
    @interface Known {

        String message() default "nobody of that name";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    static class KnownRequest implements ConstraintValidator<Known, HelloRequest> {

        @Override
        public boolean isValid(HelloRequest request, ConstraintValidatorContext context) {
            return !request.getName().equals("Mallory");
        }
    }

    static class KnownReply implements ConstraintValidator<Known, HelloReply> {

        @Override
        public boolean isValid(HelloReply reply, ConstraintValidatorContext context) {
            return !reply.getMessage().equals("Hello nobody");
        }
    }
}
