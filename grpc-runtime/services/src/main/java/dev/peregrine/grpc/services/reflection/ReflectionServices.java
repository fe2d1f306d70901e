// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.services.reflection;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.protobuf.ProtobufMarshaller;
import dev.peregrine.grpc.reflection.v1.ServerReflection;
import dev.peregrine.grpc.reflection.v1.ServerReflectionRequest;
import dev.peregrine.grpc.reflection.v1.ServerReflectionResponse;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.ServiceBinding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Flow;

/**
 * The reflection services of a server, version 1 and the older v1alpha.
 *
 * <pre>{@code
 * List<ServiceDefinition> services = List.of(new GreeterService().bind());
 * Server.Builder server = Server.builder().port(9090);
 * services.forEach(server::service);
 * ReflectionServices.describing(services).forEach(server::service);
 * }</pre>
 */
public final class ReflectionServices {

    /** v1alpha speaks with the messages of version 1, of which it differs in its name only. */
    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> ALPHA_METHOD =
            MethodDescriptor.of(
                    AlphaVersion.nameOf(ServerReflection.NAME),
                    ServerReflection.SERVER_REFLECTION_INFO.name(),
                    ServerReflection.SERVER_REFLECTION_INFO.kind(),
                    ProtobufMarshaller.of(ServerReflectionRequest.getDefaultInstance()),
                    ProtobufMarshaller.of(ServerReflectionResponse.getDefaultInstance()));

    private static final ServiceDescriptor ALPHA = ServiceDescriptor.of(ALPHA_METHOD.service(), ALPHA_METHOD)
            .withSchema(() ->
                    AlphaVersion.of(ServerReflectionRequest.getDescriptor().getFile()));

    private final List<String> names;
    private final SchemaIndex schemas;

    private ReflectionServices(Collection<ServiceDescriptor> services) {
        names = services.stream().map(ServiceDescriptor::name).sorted().toList();
        schemas = new SchemaIndex(
                services.stream().flatMap(service -> schemaOf(service).stream()).toList());
    }

    /**
     * The services that tell of these services, and of themselves; not of any that the server is given besides. A service whose
     * descriptor has no protobuf schema is listed, and nothing more is known of it.
     */
    public static List<ServiceDefinition> describing(Collection<ServiceDefinition> services) {
        List<ServiceDescriptor> all = new ArrayList<>(
                services.stream().map(ServiceDefinition::descriptor).toList());
        all.add(ServerReflection.DESCRIPTOR);
        all.add(ALPHA);
        ReflectionServices reflection = new ReflectionServices(all);
        ServerReflection.AsyncService v1 = new ServerReflection.AsyncService() {
            @Override
            public Flow.Publisher<ServerReflectionResponse> serverReflectionInfo(
                    Flow.Publisher<ServerReflectionRequest> requests) {
                return reflection.answers(requests);
            }
        };
        ServiceDefinition alpha = ServiceBinding.of(ALPHA, v1)
                .asyncBidiStreaming(ALPHA_METHOD, reflection::answers)
                .build();
        // Tools keep their stream open for as long as they are; a shutdown must not wait for them.
        return List.of(v1.bind().withStreamsWithoutGrace(), alpha.withStreamsWithoutGrace());
    }

    private static List<FileDescriptor> schemaOf(ServiceDescriptor service) {
        return service.schema() != null && service.schema().get() instanceof FileDescriptor file
                ? List.of(file)
                : List.of();
    }

    private Flow.Publisher<ServerReflectionResponse> answers(Flow.Publisher<ServerReflectionRequest> requests) {
        return caller -> requests.subscribe(new Answering(new Conversation(names, schemas), caller));
    }

    /** Each request becomes its answer, so the demand for answers is the demand for requests. */
    private record Answering(Conversation conversation, Flow.Subscriber<? super ServerReflectionResponse> caller)
            implements Flow.Subscriber<ServerReflectionRequest> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            caller.onSubscribe(subscription);
        }

        @Override
        public void onNext(ServerReflectionRequest request) {
            caller.onNext(conversation.answer(request));
        }

        @Override
        public void onError(Throwable failure) {
            caller.onError(failure);
        }

        @Override
        public void onComplete() {
            caller.onComplete();
        }
    }
}
