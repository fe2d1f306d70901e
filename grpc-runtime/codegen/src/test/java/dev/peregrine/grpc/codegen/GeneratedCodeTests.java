// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.server.BindableService;
import dev.peregrine.grpc.stub.ClientStub;
import fixture.helloworld.HelloReply;
import fixture.helloworld.HelloRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Flow.Publisher;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiles what is generated from all fixtures at once, loads it and uses it. */
class GeneratedCodeTests {

    private static final Compilation COMPILED = Compilation.of(Fixtures.generate(Fixtures.names()));
    private static final Class<?> GREETER = COMPILED.type("fixture.helloworld.Greeter");
    private static final HelloRequest REQUEST =
            HelloRequest.newBuilder().setName("Ada").build();

    @Test
    void everyGeneratedFileCompilesWithoutAWarning() {
        assertThat(COMPILED.complaints()).isEmpty();
    }

    @Test
    void theDescriptorListsTheMethodsInTheFilesOrder() throws Exception {
        ServiceDescriptor descriptor =
                (ServiceDescriptor) GREETER.getField("DESCRIPTOR").get(null);

        assertThat(descriptor.name()).isEqualTo("helloworld.Greeter").isEqualTo(constant(GREETER, "NAME"));
        assertThat(descriptor.methods())
                .extracting(method -> method.name() + " " + method.kind())
                .containsExactly(
                        "SayHello UNARY", "Watch SERVER_STREAMING", "Upload CLIENT_STREAMING", "Chat BIDI_STREAMING");
        assertThat(descriptor.methods().get(0)).isSameAs(constant(GREETER, "SAY_HELLO"));
    }

    @Test
    void theDescriptorKnowsTheFileItCameFrom() throws Exception {
        ServiceDescriptor descriptor =
                (ServiceDescriptor) GREETER.getField("DESCRIPTOR").get(null);

        assertThat(descriptor.schema().get())
                .isInstanceOfSatisfying(
                        FileDescriptor.class,
                        file -> assertThat(file.findServiceByName("Greeter")).isNotNull());
    }

    @Test
    void theServiceBindsEachMethodWithItsJavaName() {
        assertThat(unimplemented("Service").bind().bindings())
                .containsExactly(
                        "unary SayHello sayHello",
                        "serverStreaming Watch watch",
                        "clientStreaming Upload upload",
                        "bidiStreaming Chat chat");
    }

    @Test
    void theAsyncServiceBindsEachMethod() {
        assertThat(unimplemented("AsyncService").bind().bindings())
                .containsExactly(
                        "asyncUnary SayHello",
                        "asyncServerStreaming Watch",
                        "asyncClientStreaming Upload",
                        "asyncBidiStreaming Chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Service", "AsyncService"})
    void aMethodThatIsNotOverriddenIsUnimplemented(String face) {
        assertThatThrownBy(() -> call(face, unimplemented(face), "sayHello", REQUEST))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("SayHello");
    }

    @Test
    void theClientMakesOneCallPerMethod() throws Throwable {
        Channel channel = new Channel();
        Object client = client("Client", channel);

        assertThat(call("Client", client, "sayHello", REQUEST)).isEqualTo(HelloReply.getDefaultInstance());
        call("Client", client, "watch", REQUEST);
        call("Client", client, "upload");
        call("Client", client, "chat");

        assertThat(channel.calls)
                .containsExactly(
                        List.of("unary", "SayHello", "default", REQUEST),
                        List.of("serverStreaming", "Watch", "default", REQUEST),
                        List.of("clientStreaming", "Upload", "default"),
                        List.of("bidiStreaming", "Chat", "default"));
    }

    @Test
    void theAsyncClientMakesOneCallPerMethod() throws Throwable {
        Channel channel = new Channel();
        Object client = client("AsyncClient", channel);
        Publisher<HelloRequest> requests = subscriber -> {};

        call("AsyncClient", client, "sayHello", REQUEST);
        call("AsyncClient", client, "watch", REQUEST);
        call("AsyncClient", client, "upload", requests);
        call("AsyncClient", client, "chat", requests);

        assertThat(channel.calls)
                .containsExactly(
                        List.of("asyncUnary", "SayHello", "default", REQUEST),
                        List.of("asyncServerStreaming", "Watch", "default", REQUEST),
                        List.of("asyncClientStreaming", "Upload", "default", requests),
                        List.of("asyncBidiStreaming", "Chat", "default", requests));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Client", "AsyncClient"})
    void aClientWithOtherOptionsCallsOnTheSameChannelAndLeavesTheFirstAlone(String face) throws Throwable {
        Channel channel = new Channel();
        ClientStub<?> client = (ClientStub<?>) client(face, channel);

        Object hurried = client.withCallOptions(new CallOptions("hurried"));
        call(face, hurried, "sayHello", REQUEST);
        call(face, client, "sayHello", REQUEST);

        assertThat(channel.calls).extracting(call -> call.get(2)).containsExactly("hurried", "default");
        assertThat(((ClientStub<?>) hurried).callOptions()).isEqualTo(new CallOptions("hurried"));
    }

    @Test
    void theFacesAreInterfacesAndTheStubsAreHidden() {
        assertThat(GREETER.getClasses())
                .allMatch(Class::isInterface)
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrder("Service", "AsyncService", "Client", "AsyncClient");
        assertThat(Modifier.isFinal(GREETER.getModifiers())).isTrue();
        assertThat(GREETER.getConstructors()).isEmpty();
    }

    @Test
    void aGeneratedClassIsNullMarked() {
        assertThat(GREETER.isAnnotationPresent(NullMarked.class)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // java_multiple_files, java_package
        "fixture.helloworld.Greeter, SAY_HELLO, fixture.helloworld.HelloRequest, fixture.helloworld.HelloReply",
        // java_outer_classname, nested messages
        "fixture.single.SingleFile, TOP, fixture.single.AllInOne$Outer, fixture.single.AllInOne$Outer",
        "fixture.single.SingleFile, NESTED, fixture.single.AllInOne$Outer$Middle,"
                + " fixture.single.AllInOne$Outer$Middle$Inner",
        // no java_package; the outer class named after the file
        "fixture.outername.DefaultOuterName, CALL, fixture.outername.DefaultOuterName2All$Message,"
                + " fixture.outername.DefaultOuterName2All$Message",
        // the file is called like a message, even a nested one, or like the service
        "fixture.outerconflict.UsesOuterConflict, CALL,"
                + " fixture.outerconflict.OuterConflictOuterClass$Holder$OuterConflict,"
                + " fixture.outerconflict.OuterConflictOuterClass$Holder",
        "fixture.echoservice.EchoService, ECHO, fixture.echoservice.EchoServiceOuterClass$Ping,"
                + " fixture.echoservice.EchoServiceOuterClass$Ping",
        // neither package nor java_package
        "UnnamedPackage, CALL, UnnamedMessage, UnnamedMessage",
        // imports, each with its own file's options; also through a public import
        "fixture.imports.Importer, FROM_MULTIPLE_FILES, fixture.helloworld.HelloRequest, fixture.helloworld.HelloReply",
        "fixture.imports.Importer, FROM_SINGLE_FILE, fixture.single.AllInOne$Outer$Middle, fixture.single.AllInOne$Outer",
        "fixture.imports.Importer, FROM_DEFAULT_OUTER, fixture.outername.DefaultOuterName2All$Message,"
                + " fixture.outerconflict.OuterConflictOuterClass$Holder$OuterConflict",
        "fixture.imports.Importer, FROM_PUBLIC_IMPORT, fixture.proto2.Legacy, fixture.proto2.Legacy$Part",
        // well-known types
        "fixture.imports.WellKnown, CALL, com.google.protobuf.Empty, com.google.protobuf.Timestamp",
        "fixture.imports.WellKnown, STREAM, com.google.protobuf.Any, com.google.protobuf.Duration",
        "fixture.imports.WellKnown, VALUES, com.google.protobuf.Value, com.google.protobuf.StringValue",
        // proto2 with a group, proto3 with optional, editions with nest_in_file_class
        "fixture.proto2.LegacyServiceGrpc, CALL, fixture.proto2.Legacy, fixture.proto2.Legacy$Part",
        "fixture.proto3optional.OptionalFields, CALL, fixture.proto3optional.Optional$Maybe,"
                + " fixture.proto3optional.Optional$Maybe",
        "fixture.edition2023.Edition2023Service, CALL, fixture.edition2023.Message2023,"
                + " fixture.edition2023.Message2023$Nested",
        "fixture.edition2024.Edition2024Service, CALL, fixture.edition2024.OwnFile, fixture.edition2024.OwnFile$Nested",
        "fixture.edition2024.Edition2024Service, OTHER, fixture.edition2024.Edition2024Proto$InFileClass,"
                + " fixture.edition2024.Edition2024Proto$InFileClass",
        "fixture.edition2024nested.Edition2024Nested, CALL,"
                + " fixture.edition2024nested.Edition2024NestedProto$InProtoClass, fixture.edition2024nested.Own",
        // messages called like what generated code uses
        "fixture.shadow.Shadows, A, fixture.shadow.String, fixture.shadow.Object",
        "fixture.shadow.Shadows, B, fixture.shadow.Service, fixture.shadow.Client",
    })
    void aMessageIsTheClassThatProtocWrites(String service, String method, String request, String response) {
        MethodDescriptor<?, ?> descriptor = (MethodDescriptor<?, ?>) constant(COMPILED.type(service), method);

        assertThat(descriptor.requests().defaultInstance().getClass().getName()).isEqualTo(request);
        assertThat(descriptor.responses().defaultInstance().getClass().getName())
                .isEqualTo(response);
    }

    @ParameterizedTest
    @CsvSource({
        "fixture.deprecation.OldService, true",
        "fixture.deprecation.MixedService, false",
        "fixture.deprecatedfile.FromOldFile, true",
        "fixture.deprecatedfile.UserOfOldFile, false",
    })
    void aServiceIsDeprecatedIfItsOptionOrItsFilesSaysSo(String service, boolean deprecated) {
        assertThat(COMPILED.type(service).isAnnotationPresent(Deprecated.class)).isEqualTo(deprecated);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Service", "AsyncService", "Client", "AsyncClient"})
    void aDeprecatedMethodIsDeprecatedInEveryFace(String face) {
        Class<?> type = COMPILED.type("fixture.deprecation.MixedService$" + face);

        assertThat(method(type, "old").isAnnotationPresent(Deprecated.class)).isTrue();
        assertThat(method(type, "oldStream").isAnnotationPresent(Deprecated.class))
                .isTrue();
        assertThat(method(type, "new_").isAnnotationPresent(Deprecated.class)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unary", "ServerStreaming", "ClientStreaming", "BidiStreaming"})
    void anAwkwardMethodHasTheSameNameInAllFaces(String shape) {
        Class<?> service = COMPILED.type("fixture.names.Awkward" + shape);
        List<String> names = rpcs(service, "Service");

        assertThat(names)
                .contains(
                        "class_",
                        "class__",
                        "toString_",
                        "bind_",
                        "callOptions_",
                        "wait_",
                        "yield_",
                        "create",
                        "channel");
        assertThat(rpcs(service, "AsyncService")).isEqualTo(names);
        assertThat(rpcs(service, "Client")).isEqualTo(names);
        assertThat(rpcs(service, "AsyncClient")).isEqualTo(names);
    }

    private static List<String> rpcs(Class<?> service, String face) {
        return Arrays.stream(COMPILED.type(service.getName() + "$" + face).getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                .filter(name -> !name.equals("bind"))
                .sorted()
                .toList();
    }

    private static Object constant(Class<?> type, String name) {
        try {
            return type.getField(name).get(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object client(String face, Channel channel) throws Throwable {
        return face(face).getMethod("create", Channel.class).invoke(null, channel);
    }

    /** A service that implements the face and overrides nothing. */
    private static BindableService unimplemented(String face) {
        return (BindableService)
                Proxy.newProxyInstance(COMPILED.classes(), new Class<?>[] {face(face)}, (InvocationHandler)
                        (proxy, method, arguments) -> InvocationHandler.invokeDefault(proxy, method, arguments));
    }

    private static @Nullable Object call(String face, Object target, String name, Object... arguments)
            throws Throwable {
        try {
            return method(face(face), name).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Class<?> face(String name) {
        return COMPILED.type("fixture.helloworld.Greeter$" + name);
    }

    private static Method method(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no method " + name));
    }
}
