// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peregrine.grpc.InProcessAddress;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.ServiceDescriptor;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.TestPki;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.ClientCall;
import dev.peregrine.grpc.client.ClientScript;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.server.ExecutionMode;
import dev.peregrine.grpc.server.Server;
import dev.peregrine.grpc.server.ServerCall;
import dev.peregrine.grpc.server.ServerHandler;
import dev.peregrine.grpc.server.ServiceDefinition;
import dev.peregrine.grpc.stub.AsyncClientCalls;
import dev.peregrine.grpc.stub.ClientCalls;
import dev.peregrine.grpc.stub.ServiceBinding;
import dev.peregrine.grpc.tls.ServerTls;
import dev.peregrine.grpc.tls.TlsIdentity;
import dev.peregrine.grpc.transport.TransportThread;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is this transport's own; what it shares with the others is in the contract. */
@Timeout(30)
class InProcessTransportTest {

    private final InProcessAddress address = InProcessAddress.unique("texts");
    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();

    private static ServiceDefinition echo() {
        return ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>unary(Texts.UNARY, "unary", text -> "re: " + text)
                .build();
    }

    private static ServiceDefinition chat(ServerHandler<String, String> handler) {
        return ServiceDefinition.builder(ServiceDescriptor.of(Texts.SERVICE, Texts.CHAT))
                .method(Texts.CHAT, handler, ExecutionMode.EVENT_LOOP)
                .build();
    }

    private Server serve(ServiceDefinition service) throws IOException {
        Server server = Server.builder().address(address).service(service).start();
        toClose.add(server);
        return server;
    }

    private ManagedChannel channel(String target) {
        ManagedChannel channel = ManagedChannel.builder(target).build();
        toClose.add(0, channel);
        return channel;
    }

    private static String call(ManagedChannel channel, String request) {
        return ClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, request);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    // ---- names ----

    @Test
    void theAddressOfAServerIsATarget() throws IOException {
        Server server = serve(echo());
        ManagedChannel channel = channel(server.addresses().get(0).toString());

        assertThat(call(channel, "hi")).isEqualTo("re: hi");
        assertThat(channel.authority()).isEqualTo(address.name());
        assertThat(channel).hasToString("ManagedChannel[" + address + ", READY]");
    }

    @Test
    void aServerMayHaveSeveralNames() throws IOException {
        InProcessAddress other = InProcessAddress.unique("other");
        toClose.add(
                Server.builder().address(address).address(other).service(echo()).start());

        assertThat(call(channel(address.toString()), "1")).isEqualTo("re: 1");
        assertThat(call(channel(other.toString()), "2")).isEqualTo("re: 2");
    }

    @Test
    void aNameThatIsTakenIsRefusedAndTheServersOtherNamesAreFreeAgain() throws IOException {
        serve(echo());
        InProcessAddress other = InProcessAddress.unique("other");
        Server.Builder second = Server.builder().address(other).address(address).service(echo());

        assertThatThrownBy(second::start)
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on " + address
                        + ": a server of this process does already; shut it down first, or choose another name");

        toClose.add(Server.builder().address(other).service(echo()).start());
    }

    @Test
    void aNameNobodyHasIsNamedInTheFailure() {
        assertThatThrownBy(() -> call(channel("inprocess:nobody"), "hi"))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        failure -> assertThat(failure.status())
                                .hasToString("UNAVAILABLE: no connection to inprocess:nobody: "
                                        + "no server of this process listens on inprocess:nobody"));
    }

    @Test
    void aNameIsFreeAsSoonAsShutdownBegins() throws Exception {
        CompletableFuture<ServerCall<String, String>> handled = new CompletableFuture<>();
        Server first = serve(chat(call -> {
            handled.complete(call);
            return new ServerCall.Listener<>() {};
        }));
        HeardCall open = new HeardCall(channel(address.toString()).newCall(Texts.CHAT, CallOptions.DEFAULT));
        open.start(open, Metadata.EMPTY);
        ServerCall<String, String> server = ClientScript.answerTo(handled);
        first.shutdown(Duration.ofSeconds(20));

        serve(echo());

        assertThat(call(channel(address.toString()), "who is it?")).isEqualTo("re: who is it?");
        server.close(Status.OK, Metadata.EMPTY);
        assertThat(open.next()).isEqualTo("headers");
    }

    @Test
    void addressesOfDifferentKindsAreRefused() {
        Server.Builder both = Server.builder()
                .address(address)
                .address(new InetSocketAddress("127.0.0.1", 0))
                .service(echo());

        assertThatThrownBy(both::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("127.0.0.1");
    }

    // ---- calls that wait for the server ----

    @Test
    void aNewCallDoesNotTakeThePlaceOfOneThatWaits() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> atWork = new CompletableFuture<>();
        CompletableFuture<Void> secondCalled = new CompletableFuture<>();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<Void> thirdCalled = new CompletableFuture<>();
        ServerHandler<String, String> handler = call -> new ServerCall.Listener<>() {
            @Override
            public void onMessage(String request) {
                order.add(request);
            }

            @Override
            public void onHalfClose() {
                atWork.complete(null);
                ClientScript.answerTo(secondCalled);
                call.send("");
                call.close(Status.OK, Metadata.EMPTY);
                answered.complete(null);
                ClientScript.answerTo(thirdCalled); // Which comes when the place is free, and not given yet.
            }
        };
        toClose.add(Server.builder()
                .address(address)
                .limits(limits -> limits.withMaxConcurrentCalls(1))
                .service(ServiceDefinition.builder(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY))
                        .method(Texts.UNARY, handler, ExecutionMode.EVENT_LOOP)
                        .build())
                .start());
        ManagedChannel channel = channel(address.toString());
        CompletionStage<String> first = AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "1");
        ClientScript.answerTo(atWork);
        CompletionStage<String> second = AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "2");
        secondCalled.complete(null);
        ClientScript.answerTo(answered);
        CompletionStage<String> third = AsyncClientCalls.unary(channel, Texts.UNARY, CallOptions.DEFAULT, "3");
        thirdCalled.complete(null);

        ClientScript.answerTo(first);
        ClientScript.answerTo(second);
        ClientScript.answerTo(third);
        assertThat(order).containsExactly("1", "2", "3");
    }

    // ---- threads ----

    @Test
    void bothEndsOfACallAreOnTheChannelsThread() throws Exception {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        serve(chat(call -> {
            threads.add(Thread.currentThread());
            call.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(String request) {
                    threads.add(Thread.currentThread());
                    call.send("re: " + request);
                    call.close(Status.OK, Metadata.EMPTY);
                }
            };
        }));
        CompletableFuture<Void> ended = new CompletableFuture<>();
        ClientCall<String, String> call = channel(address.toString()).newCall(Texts.CHAT, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(String response) {
                        threads.add(Thread.currentThread());
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        threads.add(Thread.currentThread());
                        ended.complete(null);
                    }
                },
                Metadata.EMPTY);
        call.request(2);
        call.send("hi");

        ClientScript.answerTo(ended);
        assertThat(threads).hasSize(4).containsOnly(threads.get(0));
        assertThat(threads.get(0)).isInstanceOf(TransportThread.class);
        assertThat(threads.get(0).getName()).startsWith("grpc-inprocess-");
        assertThat(threads.get(0).isDaemon()).isTrue();
    }

    // ---- what a test may rely on ----

    @Test
    void whoHearsThatACallEndedMayRelyOnTheHandlerHavingBeenTold() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> started = new CompletableFuture<>();
        serve(chat(call -> {
            started.complete(null);
            return new ServerCall.Listener<>() {
                @Override
                public void onCancel(Status reason) {
                    told.add(reason.toString());
                }
            };
        }));
        HeardCall call = new HeardCall(channel(address.toString()).newCall(Texts.CHAT, CallOptions.DEFAULT));
        call.start(call, Metadata.EMPTY);
        ClientScript.answerTo(started);

        call.cancel("enough", null);

        assertThat(call.next()).isEqualTo("CANCELLED: enough");
        assertThat(told).containsExactly("CANCELLED: the client cancelled the call");
    }

    @Test
    void aDeadlineIsADeadlineToTheHandlerToo() throws Exception {
        CompletableFuture<StatusCode> told = new CompletableFuture<>();
        CompletableFuture<Void> started = new CompletableFuture<>();
        serve(chat(call -> {
            started.complete(null);
            return new ServerCall.Listener<>() {
                @Override
                public void onCancel(Status reason) {
                    told.complete(reason.code());
                }
            };
        }));
        HeardCall call = new HeardCall(channel(address.toString())
                .newCall(Texts.CHAT, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1))));
        call.start(call, Metadata.EMPTY);
        ClientScript.answerTo(started);

        assertThat(call.next()).startsWith("DEADLINE_EXCEEDED: ");
        assertThat(told).isCompletedWithValue(StatusCode.DEADLINE_EXCEEDED);
    }

    @Test
    void aMessageOfTheSenderAndOneOfTheReceiverAreTwoObjects() throws IOException {
        serve(ServiceBinding.of(ServiceDescriptor.of(Texts.SERVICE, Texts.UNARY), new Object())
                .<String, String>unary(Texts.UNARY, "unary", text -> text)
                .build());
        String request = "the same text";

        assertThat(call(channel(address.toString()), request))
                .isEqualTo(request)
                .isNotSameAs(request);
    }

    @Test
    void aServerOfThisProcessHasNoTls() {
        TlsIdentity identity = TestPki.identity(TestPki.named("The Process").localhost());

        assertThatThrownBy(() -> Server.builder()
                        .address(address)
                        .tls(ServerTls.of(identity))
                        .service(echo())
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("TLS was chosen for " + address
                        + ", but calls within a process are not encrypted; leave out tls() for such addresses");
    }
}
