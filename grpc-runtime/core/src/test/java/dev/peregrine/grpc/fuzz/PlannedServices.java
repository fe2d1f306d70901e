// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.fuzz;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MethodDescriptor;
import dev.peregrine.grpc.MethodKind;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.ResponseWriter;
import dev.peregrine.grpc.stub.ServiceBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Two services that do what the {@link CallPlan} of each call says: one on the event loop, one that blocks. */
final class PlannedServices {

    private static final int PATIENCE_SECONDS = 20;

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private volatile @Nullable String complaint;

    ServiceDefinition prompt() {
        List<MethodDescriptor<String, String>> methods = CallPlan.methods(CallPlan.PROMPT);
        ServiceDefinition.Builder service = ServiceDefinition.builder(
                ServiceDescriptor.of(CallPlan.PROMPT, methods.toArray(MethodDescriptor[]::new)));
        ServerHandler<String, String> handler = Prompt::new;
        methods.forEach(method -> service.method(method, handler, ExecutionMode.EVENT_LOOP));
        return service.build();
    }

    ServiceDefinition patient() {
        MethodDescriptor<String, String> unary = CallPlan.method(CallPlan.PATIENT, MethodKind.UNARY);
        MethodDescriptor<String, String> watch = CallPlan.method(CallPlan.PATIENT, MethodKind.SERVER_STREAMING);
        MethodDescriptor<String, String> upload = CallPlan.method(CallPlan.PATIENT, MethodKind.CLIENT_STREAMING);
        MethodDescriptor<String, String> chat = CallPlan.method(CallPlan.PATIENT, MethodKind.BIDI_STREAMING);
        return ServiceBinding.of(ServiceDescriptor.of(CallPlan.PATIENT, unary, watch, upload, chat), new Object())
                .unary(unary, "unary", request -> patiently(List.of(request), null))
                .serverStreaming(watch, "watch", (request, out) -> patiently(List.of(request), out))
                .clientStreaming(upload, "upload", requests -> patiently(requests, null))
                .bidiStreaming(chat, "chat", this::patiently)
                .build();
    }

    /** What the runtime logs of handlers that throw, which is right. */
    static String[] complaints() {
        List<String> logged = new ArrayList<>();
        for (String service : List.of(CallPlan.PROMPT, CallPlan.PATIENT)) {
            CallPlan.methods(service).forEach(method -> logged.add("the handler of " + method.fullName() + " failed"));
        }
        return logged.toArray(String[]::new);
    }

    /** Every call that began is over, and was told so once. Handlers may still be on their way out: waits for them. */
    void requireAllOver() throws InterruptedException {
        for (int i = 0; over.get() < begun.get() && i < PATIENCE_SECONDS * 100; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (complaint != null) {
            throw new AssertionError(complaint);
        }
        if (over.get() != begun.get()) {
            throw new AssertionError(begun + " calls began, " + over + " are over");
        }
    }

    int begun() {
        return begun.get();
    }

    // ---- the one that blocks ----

    private String patiently(Iterable<String> requests, @Nullable ResponseWriter<String> out) {
        begun.incrementAndGet();
        try {
            CallPlan plan = CallPlan.read(CallContext.current().requestMetadata());
            switch (plan.conduct()) {
                case ECHO -> {
                    int count = 0;
                    for (String request : requests) {
                        count++;
                        if (out != null) {
                            out.write(request);
                        }
                    }
                    return Integer.toString(count);
                }
                case FLOOD -> {
                    for (int i = 0; i < plan.responses() && out != null; i++) {
                        out.write(plan.response(i));
                    }
                }
                case HASTY -> {}
                case FAIL -> throw Status.of(plan.failure(), "as planned").asException();
                case THROW -> throw new IllegalStateException("as planned");
                case HANG -> hang();
            }
            return "done";
        } finally {
            over.incrementAndGet();
        }
    }

    private void hang() {
        try {
            if (!new CountDownLatch(1).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                complaint = "a handler that blocks was not interrupted";
            }
        } catch (InterruptedException cancelled) {
            throw Status.of(StatusCode.CANCELLED, "heard").asException();
        }
    }

    // ---- the one on the event loop ----

    private final class Prompt implements ServerCall.Listener<String> {

        private final ServerCall<String, String> call;
        private final CallPlan plan;
        private int requests;
        private boolean ended;

        Prompt(ServerCall<String, String> call) {
            begun.incrementAndGet();
            this.call = call;
            this.plan = CallPlan.read(call.context().requestMetadata());
        }

        @Override
        public void onStart() {
            switch (plan.conduct()) {
                case ECHO -> call.request(1);
                case HANG -> {}
                case HASTY -> end(Status.OK);
                case FLOOD -> {
                    for (int i = 0; i < plan.responses() && call.method().kind().hasResponseStream(); i++) {
                        call.send(plan.response(i));
                    }
                    end(Status.OK);
                }
                case FAIL -> end(Status.of(plan.failure(), "as planned"));
                case THROW -> {
                    over();
                    throw new IllegalStateException("as planned");
                }
            }
        }

        @Override
        public void onMessage(String request) {
            requests++;
            if (plan.conduct() == CallPlan.Conduct.ECHO) {
                if (call.method().kind().hasResponseStream()) {
                    call.send(request);
                }
                call.request(1);
            }
        }

        @Override
        public void onHalfClose() {
            if (plan.conduct() == CallPlan.Conduct.ECHO) {
                end(Status.OK);
            }
        }

        @Override
        public void onCancel(Status reason) {
            over();
        }

        private void end(Status status) {
            over();
            if (status.isOk() && !call.method().kind().hasResponseStream()) {
                call.send(plan.conduct() == CallPlan.Conduct.ECHO ? Integer.toString(requests) : "done");
            }
            call.close(status, Metadata.EMPTY);
        }

        private void over() {
            over.incrementAndGet();
            if (ended) {
                complaint = "a handler was told twice that its call is over, or after it had ended it: " + plan;
            }
            ended = true;
        }
    }
}
