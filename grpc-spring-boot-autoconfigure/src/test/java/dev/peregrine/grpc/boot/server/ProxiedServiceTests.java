// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static dev.peregrine.grpc.boot.fixture.Failures.analysisOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.NonBlocking;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.advice.GrpcExceptionHandler;
import dev.peregrine.grpc.boot.fixture.Failing;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloReply;
import dev.peregrine.grpc.boot.fixture.HelloRequest;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.fixture.ServiceRunners;
import dev.peregrine.grpc.server.ServerMethod;
import dev.peregrine.grpc.server.ServiceDefinition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Services behind proxies of either kind: of the class, or of the interface. */
class ProxiedServiceTests {

    private static ApplicationContextRunner runner(boolean ofClass) {
        return ServiceRunners.runner()
                .withUserConfiguration(ofClass ? OfClass.class : OfInterface.class, Ledger.class, Bookkeeper.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTransactionIsCommittedBeforeTheAnswerLeaves(boolean ofClass) {
        runner(ofClass).run(context -> {
            assertThat(sayHello(context, "Ann")).isEqualTo("Booked for Ann, in a transaction: true");
            assertThat(context.getBean(Ledger.class).events).containsExactly("begin", "commit");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionThatCannotBeCommittedIsNoSuccess(boolean ofClass) {
        runner(ofClass).run(context -> {
            context.getBean(Ledger.class).full = true;

            assertThat(Failing.hello(context, "Ann")).hasMessage("ABORTED: the ledger is full");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStatusThatIsThrownRollsBackAndIsAnswered(boolean ofClass) {
        runner(ofClass).run(context -> {
            assertThat(Failing.hello(context, "nobody")).hasMessage("NOT_FOUND: no account of nobody");
            assertThat(context.getBean(Ledger.class).events).containsExactly("begin", "rollback");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePromiseNotToBlockIsSeenThroughTheProxy(boolean ofClass) {
        ServiceRunners.runner()
                .withUserConfiguration(ofClass ? OfClass.class : OfInterface.class, Ledger.class, PromptService.class)
                .run(context -> assertThat(sayHello(context, "you")).startsWith("grpc-loop"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBindOfItsOwnDoesNotLoseTheAdviceButIsRefused(boolean ofClass) {
        ServiceRunners.runner()
                .withUserConfiguration(ofClass ? OfClass.class : OfInterface.class, Ledger.class, Binder.class)
                .run(context -> {
                    assertThat(analysisOf(context).getDescription())
                            .startsWith("The service bean 'binder' has a proxy around it")
                            .contains("Binder has a bind() of its own");
                    assertThat(analysisOf(context).getAction())
                            .startsWith("Remove bind() from Binder; @GrpcService(streamsWithoutGrace = true)");
                });
    }

    @Test
    void aBindOfItsOwnIsNobodysBusinessWithoutAProxy() {
        ServiceRunners.runner()
                .withUserConfiguration(Binder.class)
                .run(context -> assertThat(sayHello(context, "Ann")).isEqualTo("bound by hand: Ann"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void streamsWithoutGraceAndOtherMethodsWithItGoThroughTheProxy(boolean ofClass) {
        ServiceRunners.runner()
                .withUserConfiguration(ofClass ? OfClass.class : OfInterface.class, Ledger.class, Watched.class)
                .run(context -> {
                    ServiceDefinition served = context.getBean(GrpcServers.class)
                            .server(GrpcServers.DEFAULT)
                            .services()
                            .get(0);
                    assertThat(served.methods())
                            .filteredOn(ServerMethod::graceless)
                            .extracting(method -> method.descriptor().name())
                            .containsExactly("Watch");
                    assertThat(sayHello(context, "Ann")).isEqualTo("Booked for Ann, in a transaction: true");
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProxyBehindAScopedProxyIsNotLostEither(boolean ofClass) {
        ServiceRunners.runner()
                .withUserConfiguration(
                        ofClass ? OfClass.class : OfInterface.class, Ledger.class, ofClass ? Scoped.class : Faced.class)
                .withInitializer(context -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
                .run(context ->
                        assertThat(sayHello(context, "Ann")).isEqualTo("Booked for Ann, in a transaction: true"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(proxyTargetClass = true)
    static class OfClass {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class OfInterface {}

    @GrpcService
    @Transactional
    static class Bookkeeper implements Greeter.Service {

        @Override
        public HelloReply sayHello(HelloRequest request) {
            if (request.getName().equals("nobody")) {
                throw new StatusException(StatusCode.NOT_FOUND, "no account of nobody");
            }
            return HelloService.reply("Booked for " + request.getName() + ", in a transaction: "
                    + TransactionSynchronizationManager.isActualTransactionActive());
        }

        @GrpcExceptionHandler
        Status full(TransactionSystemException failure) {
            return Status.of(StatusCode.ABORTED, failure.getMessage());
        }
    }

    @GrpcService("binder")
    @Transactional
    static class Binder extends HelloService {

        private final String how = "bound by hand: ";

        @Override
        public ServiceDefinition bind() {
            Greeter.Service byHand = new Greeter.Service() {
                @Override
                public HelloReply sayHello(HelloRequest request) {
                    return reply(how + request.getName());
                }
            };
            return byHand.bind();
        }
    }

    @GrpcService(streamsWithoutGrace = true)
    @Transactional
    static class Watched extends Bookkeeper {}

    @GrpcService
    @Transactional
    @Scope(value = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
    static class Scoped extends Bookkeeper {}

    @GrpcService
    @Transactional
    @Scope(value = "thread", proxyMode = ScopedProxyMode.INTERFACES)
    static class Faced extends Bookkeeper {}

    @GrpcService
    static class PromptService implements Greeter.Service {

        @Override
        @NonBlocking
        @Transactional
        public HelloReply sayHello(HelloRequest request) {
            return HelloService.reply(Thread.currentThread().getName());
        }
    }

    /** Writes down what becomes of transactions. */
    static class Ledger extends AbstractPlatformTransactionManager {

        final transient List<String> events = new CopyOnWriteArrayList<>();
        volatile boolean full;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            events.add("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (full) {
                throw new TransactionSystemException("the ledger is full");
            }
            events.add("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            events.add("rollback");
        }
    }
}
