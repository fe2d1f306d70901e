// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.boot.fixture.Calls;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.server.Server;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

/** An application whose beans were worked out when it was built. */
class AheadOfTimeTests {

    @TempDir
    Path directory;

    @Test
    void clientsAreInjectedAndRegisteredByGeneratedCode() throws Exception {
        ClassName initializer = generate(Application.class);
        compile();
        try (Server server = Calls.serve(new HelloService());
                URLClassLoader built = builtApplication()) {
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(built);
            Object said;
            try {
                said = built.loadClass(Probe.class.getName())
                        .getMethod("run", String.class, String.class)
                        .invoke(null, initializer.reflectionName(), ClientRunners.targetOf(server));
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
            assertThat(said).isEqualTo("Hello constructor, Hello field, registered");
        }
    }

    /** The class path with the generated code on it, apart from ours: generated code lives in the packages of its beans. */
    private URLClassLoader builtApplication() throws Exception {
        List<URL> urls = new ArrayList<>();
        urls.add(directory.toUri().toURL());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private ClassName generate(Class<?> application) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(application);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get(application)), new FileSystemGeneratedFiles(directory));
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return initializer;
        }
    }

    private void compile() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(directory)) {
            List<Path> java =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(java).isNotEmpty();
            assertThat(compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-d", directory.toString(), "-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(java))
                            .call())
                    .as("the generated code compiles")
                    .isTrue();
        }
    }

    /** Starts the application of the class loader it is in, and calls with each client. */
    public static final class Probe {

        private Probe() {}

        @SuppressWarnings("unchecked")
        public static String run(String initializer, String target) throws Exception {
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                TestPropertyValues.of("grpc.client.greeter.target=" + target).applyTo(context);
                ((ApplicationContextInitializer<GenericApplicationContext>) Class.forName(initializer)
                                .getDeclaredConstructor()
                                .newInstance())
                        .initialize(context);
                context.refresh();
                Field field = context.getBean(Field.class);
                return sayHello(context.getBean(Constructor.class).greeter, "constructor") + ", "
                        + sayHello(field.greeter, "field") + ", "
                        + (context.getBean(Greeter.Client.class) == field.greeter
                                        && context.containsBean("greeterAsyncClient")
                                ? "registered"
                                : "not registered");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(Greeter.Client.class)
    @ImportGrpcClients(Greeter.AsyncClient.class)
    @Import({GrpcClientAutoConfiguration.class, Constructor.class, Field.class})
    static class Application {}

    static class Constructor {

        private final Greeter.Client greeter;

        Constructor(@GrpcClient("greeter") Greeter.Client greeter) {
            this.greeter = greeter;
        }
    }

    static class Field {
        @GrpcClient("greeter")
        Greeter.Client greeter;
    }
}
