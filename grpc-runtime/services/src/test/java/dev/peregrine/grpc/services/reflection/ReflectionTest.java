// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.reflection;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.protobuf.ProtobufMarshaller;
import dev.peregrine.grpc.reflection.v1.ExtensionRequest;
import dev.peregrine.grpc.reflection.v1.ServerReflection;
import dev.peregrine.grpc.reflection.v1.ServerReflectionRequest;
import dev.peregrine.grpc.reflection.v1.ServerReflectionResponse;
import dev.peregrine.grpc.reflection.v1.ServiceResponse;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.services.shop.Cart;
import dev.peregrine.grpc.stub.BidiStreamingCall;
import dev.peregrine.grpc.stub.ClientCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** server-reflection.md, over a socket. */
@Timeout(60)
class ReflectionTest {

    private static final String ALPHA = "grpc.reflection.v1alpha.ServerReflection";

    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void serve() throws Exception {
        ServiceDefinition cart = new Cart.Service() {}.bind();
        Server.Builder builder = Server.builder()
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service(cart);
        ReflectionServices.describing(List.of(cart)).forEach(builder::service);
        server = builder.start();
        channel = ManagedChannel.builder("127.0.0.1:" + server.port()).build();
    }

    @AfterEach
    void stop() {
        channel.close();
        server.close();
    }

    @Test
    void itListsEveryServiceAndItself() {
        assertThat(ask(ServerReflectionRequest.newBuilder().setListServices("*").build())
                        .get(0)
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(ServiceResponse::getName)
                .containsExactly(ServerReflection.NAME, ALPHA, "shop.Cart");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.Cart", "shop.Cart.Put", "shop.note"})
    void aSymbolLeadsToTheFileThatDeclaresIt_WithItsImports(String symbol) throws Exception {
        List<FileDescriptorProto> files = files(ask(symbol(symbol)).get(0));

        assertThat(files).extracting(FileDescriptorProto::getName).containsExactly("shop.proto", "shop_types.proto");
        FileDescriptor types = FileDescriptor.buildFrom(files.get(1), new FileDescriptor[0]);
        assertThat(FileDescriptor.buildFrom(files.get(0), new FileDescriptor[] {types})
                        .findServiceByName("Cart"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.Item",
                "shop.Item.name",
                "shop.Item.Box",
                "shop.Item.Box.colour",
                "shop.Item.Colour",
                "shop.Item.RED"
            })
    void symbolsInsideOfMessagesAreFoundToo(String symbol) throws Exception {
        assertThat(files(ask(symbol(symbol)).get(0)))
                .extracting(FileDescriptorProto::getName)
                .containsExactly("shop_types.proto");
    }

    @Test
    void anImportIsSentOncePerStream_AndWhatIsAskedForEachTime() throws Exception {
        List<ServerReflectionResponse> answers = ask(symbol("shop.Cart"), symbol("shop.Cart"), symbol("shop.Item"));

        assertThat(files(answers.get(0))).hasSize(2);
        assertThat(files(answers.get(1)))
                .extracting(FileDescriptorProto::getName)
                .containsExactly("shop.proto");
        assertThat(files(answers.get(2)))
                .extracting(FileDescriptorProto::getName)
                .containsExactly("shop_types.proto");
    }

    @Test
    void aFileIsFoundByItsPath() throws Exception {
        ServerReflectionRequest request = ServerReflectionRequest.newBuilder()
                .setHost("somewhere")
                .setFileByFilename("shop_types.proto")
                .build();

        ServerReflectionResponse answer = ask(request).get(0);

        assertThat(files(answer)).extracting(FileDescriptorProto::getName).containsExactly("shop_types.proto");
        assertThat(answer.getOriginalRequest()).isEqualTo(request);
        assertThat(answer.getValidHost()).isEqualTo("somewhere");
    }

    @Test
    void anExtensionIsFoundByItsNumber() throws Exception {
        ServerReflectionResponse answer = ask(extension("shop.Item", 120)).get(0);

        assertThat(files(answer)).extracting(FileDescriptorProto::getName).startsWith("shop.proto");
    }

    @Test
    void theNumbersOfAllExtensionsOfAMessageAreTold() {
        assertThat(ask(numbers("shop.Item")).get(0).getAllExtensionNumbersResponse())
                .satisfies(response -> {
                    assertThat(response.getBaseTypeName()).isEqualTo("shop.Item");
                    assertThat(response.getExtensionNumberList()).containsExactly(100, 120);
                });
    }

    @Test
    void aMessageWithoutExtensionsHasNone() {
        ServerReflectionResponse answer = ask(numbers("shop.Item.Box")).get(0);

        assertThat(answer.hasAllExtensionNumbersResponse()).isTrue();
        assertThat(answer.getAllExtensionNumbersResponse().getExtensionNumberList())
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound_AndTheStreamGoesOn() {
        List<ServerReflectionResponse> answers = ask(
                symbol("shop.Nothing"),
                ServerReflectionRequest.newBuilder()
                        .setFileByFilename("no.proto")
                        .build(),
                extension("shop.Item", 101),
                numbers("shop.Cart"),
                symbol("shop.Cart"));

        assertThat(answers.subList(0, 4))
                .allSatisfy(answer ->
                        assertThat(answer.getErrorResponse().getErrorCode()).isEqualTo(StatusCode.NOT_FOUND.value()));
        assertThat(answers.get(0).getErrorResponse().getErrorMessage()).contains("shop.Nothing");
        assertThat(answers.get(4).hasFileDescriptorResponse()).isTrue();
    }

    @Test
    void aRequestThatAsksForNothingIsInvalid() {
        assertThat(ask(ServerReflectionRequest.getDefaultInstance())
                        .get(0)
                        .getErrorResponse()
                        .getErrorCode())
                .isEqualTo(StatusCode.INVALID_ARGUMENT.value());
    }

    @Test
    void olderToolsFindTheSameUnderTheOlderName() throws Exception {
        MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> alpha = MethodDescriptor.of(
                ALPHA,
                "ServerReflectionInfo",
                MethodKind.BIDI_STREAMING,
                ProtobufMarshaller.of(ServerReflectionRequest.getDefaultInstance()),
                ProtobufMarshaller.of(ServerReflectionResponse.getDefaultInstance()));

        ServerReflectionResponse answer;
        try (BidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
                ClientCalls.bidiStreaming(channel, alpha, CallOptions.DEFAULT)) {
            call.write(symbol(ALPHA));
            call.halfClose();
            answer = call.iterator().next();
        }

        FileDescriptor file = FileDescriptor.buildFrom(files(answer).get(0), new FileDescriptor[0]);
        assertThat(file.findServiceByName("ServerReflection").getFullName()).isEqualTo(ALPHA);
        assertThat(file.findServiceByName("ServerReflection").getMethods())
                .singleElement()
                .satisfies(method -> assertThat(method.getInputType().getFullName())
                        .isEqualTo("grpc.reflection.v1alpha.ServerReflectionRequest"));
    }

    private List<ServerReflectionResponse> ask(ServerReflectionRequest... requests) {
        List<ServerReflectionResponse> answers = new ArrayList<>();
        try (BidiStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
                ServerReflection.Client.create(channel).serverReflectionInfo()) {
            for (ServerReflectionRequest request : requests) {
                call.write(request);
            }
            call.halfClose();
            for (Iterator<ServerReflectionResponse> each = call.iterator(); each.hasNext(); ) {
                answers.add(each.next());
            }
        }
        assertThat(answers).hasSameSizeAs(requests);
        return answers;
    }

    private static List<FileDescriptorProto> files(ServerReflectionResponse answer) throws Exception {
        List<FileDescriptorProto> files = new ArrayList<>();
        for (ByteString bytes : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            files.add(FileDescriptorProto.parseFrom(bytes));
        }
        return files;
    }

    private static ServerReflectionRequest symbol(String name) {
        return ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(name)
                .build();
    }

    private static ServerReflectionRequest numbers(String message) {
        return ServerReflectionRequest.newBuilder()
                .setAllExtensionNumbersOfType(message)
                .build();
    }

    private static ServerReflectionRequest extension(String message, int number) {
        return ServerReflectionRequest.newBuilder()
                .setFileContainingExtension(
                        ExtensionRequest.newBuilder().setContainingType(message).setExtensionNumber(number))
                .build();
    }
}
