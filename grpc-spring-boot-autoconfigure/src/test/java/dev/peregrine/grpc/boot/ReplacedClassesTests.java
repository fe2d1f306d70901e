// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.boot.advice.GrpcAdvice;
import dev.peregrine.grpc.boot.advice.GrpcErrorsAutoConfiguration;
import dev.peregrine.grpc.boot.advice.GrpcExceptionHandler;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.client.GrpcClientAutoConfiguration;
import dev.peregrine.grpc.boot.client.ImportGrpcClients;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcServerAutoConfiguration;
import dev.peregrine.grpc.boot.server.GrpcService;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.MapPropertySource;

/**
 * What development tools do when a class was changed: the libraries stay, and the classes of the application come again in a
 * class loader of their own. Nothing of ours may hold on to the old ones.
 */
@Timeout(120)
class ReplacedClassesTests {

    @Test
    void theClassesOfAClosedApplicationCanGo() throws Exception {
        // Whoever uses Netty first starts the JDK's flight recorder, which remembers him. Not ours, and only once.
        runApplication();
        WeakReference<ClassLoader> first = runApplication();
        WeakReference<ClassLoader> second = runApplication();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            System.gc();
            assertThat(first.get()).as("the classes of the first application").isNull();
            assertThat(second.get()).as("the classes of the second application").isNull();
        });
    }

    private static WeakReference<ClassLoader> runApplication() throws Exception {
        ClassLoader changed = new ApplicationClasses(ReplacedClassesTests.class.getClassLoader());
        Thread main = new Thread(() -> {
            try {
                ((Runnable) changed.loadClass(Main.class.getName())
                                .getDeclaredConstructor()
                                .newInstance())
                        .run();
            } catch (ReflectiveOperationException impossible) {
                throw new LinkageError("no Main", impossible);
            }
        });
        Throwable[] failure = new Throwable[1];
        main.setUncaughtExceptionHandler((thread, thrown) -> failure[0] = thrown);
        main.setContextClassLoader(changed);
        main.start();
        main.join();
        if (failure[0] != null) {
            throw new AssertionError("the application failed", failure[0]);
        }
        return new WeakReference<>(changed);
    }

    /** Defines the fixtures and what is in this file, and leaves all else to its parent. */
    private static final class ApplicationClasses extends ClassLoader {

        ApplicationClasses(ClassLoader libraries) {
            super(libraries);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.peregrine.grpc.boot.fixture.")
                    && !name.startsWith(ReplacedClassesTests.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? define(name) : known;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (file == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }

    /** Starts the application of the class loader it is in, makes calls, and closes it. */
    public static final class Main implements Runnable {

        @Override
        public void run() {
            try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
                context.setClassLoader(Main.class.getClassLoader());
                context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource(
                                "test",
                                Map.of(
                                        "grpc.server.address", "127.0.0.1",
                                        "grpc.server.port", "0",
                                        "grpc.client.greeter.target", "127.0.0.1:${local.grpc.server.port}")));
                context.register(Application.class);
                context.refresh();
                Caller caller = context.getBean(Caller.class);
                if (caller.greeter.getClass().getClassLoader() != getClass().getClassLoader()) {
                    throw new IllegalStateException("the client is of other classes");
                }
                if (!sayHello(caller.greeter, "you").equals("Hello you")
                        || !sayHello(context.getBean(Greeter.Client.class), "bean")
                                .equals("Hello bean")) {
                    throw new IllegalStateException("nobody says hello");
                }
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import({
        GrpcServerAutoConfiguration.class,
        GrpcClientAutoConfiguration.class,
        GrpcErrorsAutoConfiguration.class,
        Advice.class
    })
    @ImportGrpcClients(client = "greeter", types = Greeter.Client.class)
    static class Application {

        @Bean
        @GrpcService
        HelloService helloService() {
            return new HelloService();
        }

        @Bean
        @Lazy
        Caller caller() {
            return new Caller();
        }
    }

    static class Caller {

        @GrpcClient("greeter")
        Greeter.Client greeter;
    }

    @GrpcAdvice
    static class Advice {

        @GrpcExceptionHandler
        Status refused(IllegalArgumentException wrong) {
            return Status.of(StatusCode.INVALID_ARGUMENT, String.valueOf(wrong.getMessage()));
        }
    }
}
