// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.MetadataKey;
import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.Texts;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.HeardCall;
import dev.peregrine.grpc.client.ManagedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What travels beside the messages, both ways. */
@TransportContract
class MetadataContractTest {

    private static final MetadataKey<String> TEXT = MetadataKey.ascii("x-text");
    private static final MetadataKey<byte[]> BYTES = MetadataKey.binary("x-bytes-bin");

    private static final byte[] EVERY_BYTE = everyByte();

    private static final Metadata RICH = Metadata.builder()
            .add(TEXT, "one")
            .add(BYTES, EVERY_BYTE)
            .add(TEXT, "two, with a comma; and ~ { } % +")
            .add(TEXT, "")
            .add(TEXT, "one")
            .add(BYTES, new byte[0])
            .add(BYTES, new byte[] {0})
            .build();

    @RegisterExtension
    final Stage stage;

    MetadataContractTest(TransportUnderTest transport) {
        stage = new Stage(transport);
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static void expectRich(Metadata metadata) {
        assertThat(metadata.getAll(TEXT)).containsExactly("one", "two, with a comma; and ~ { } % +", "", "one");
        assertThat(metadata.getAll(BYTES)).containsExactly(EVERY_BYTE, new byte[0], new byte[] {0});
    }

    @Test
    void everyValueOfARequestArrivesInOrder() {
        stage.ask(Texts.UNARY, CallOptions.DEFAULT.withMetadata(RICH), "hi");

        expectRich(stage.handled().context().requestMetadata());
    }

    @Test
    void everyValueOfHeadersAndTrailersArrivesInOrder() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();
        handled.context().addResponseHeaders(RICH);
        handled.sendHeaders();
        handled.close(Status.OK, RICH);

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("OK");
        expectRich(call.headers());
        expectRich(call.trailers());
    }

    @Test
    void theTrailersOfAFailureArriveInOrder() {
        HeardCall call = stage.ask(Texts.UNARY, "hi");

        stage.handled().close(Status.of(StatusCode.ABORTED, "no"), RICH);

        assertThat(call.next()).isEqualTo("ABORTED: no");
        expectRich(call.trailers());
    }

    @Test
    void headersAreHeardBeforeTheFirstMessageIsThere() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");
        HandledCall handled = stage.handled();

        handled.context().addResponseHeaders(Metadata.of(TEXT, "early"));
        handled.sendHeaders();

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.headers().get(TEXT)).isEqualTo("early");
        handled.close(Status.OK);
    }

    @Test
    void anAnswerWithoutHeadersHasTrailersOnly() {
        HeardCall call = stage.ask(Texts.WATCH, "hi");

        stage.handled().close(Status.of(StatusCode.NOT_FOUND, "no"), Metadata.of(TEXT, "only"));

        assertThat(call.next()).isEqualTo("NOT_FOUND: no");
        assertThat(call.trailers().get(TEXT)).isEqualTo("only");
    }

    @Test
    void metadataArrivesAsACopy() {
        stage.ask(Texts.UNARY, CallOptions.DEFAULT.withMetadata(Metadata.of(BYTES, EVERY_BYTE)), "hi");

        byte[] arrived = stage.handled().context().requestMetadata().get(BYTES);

        assertThat(arrived).isEqualTo(EVERY_BYTE).isNotSameAs(EVERY_BYTE);
    }

    @Test
    void spacesAroundATextAreNoPartOfIt() {
        stage.ask(Texts.UNARY, CallOptions.DEFAULT.withMetadata(Metadata.of(TEXT, "  a b ")), "hi");

        assertThat(stage.handled().context().requestMetadata().get(TEXT)).isEqualTo("a b");
    }

    @Test
    void namesOfTheProtocolDoNotTravelAsMetadata() {
        Metadata.Builder reserved = Metadata.builder().add(TEXT, "kept");
        for (String name : new String[] {
            "content-type", "te", "host", "grpc-timeout", "grpc-status", "grpc-message", "connection", "upgrade"
        }) {
            reserved.add(MetadataKey.ascii(name), "13");
        }
        HeardCall call = stage.ask(Texts.WATCH, CallOptions.DEFAULT.withMetadata(reserved.build()), "hi");
        HandledCall handled = stage.handled();
        handled.context().addResponseHeaders(reserved.build());
        handled.sendHeaders();
        handled.close(Status.OK, reserved.build());

        assertThat(call.next()).isEqualTo("headers");
        assertThat(call.next()).isEqualTo("OK");
        assertThat(handled.context().requestMetadata().names()).containsExactlyInAnyOrder("user-agent", "x-text");
        assertThat(handled.context().deadline()).isNull();
        assertThat(call.headers().names()).containsExactly("x-text");
        assertThat(call.trailers().names()).containsExactly("x-text");
    }

    @Test
    void theServerKnowsHowItWasCalledAndByWhom() {
        ManagedChannel channel = stage.channel();
        stage.ask(Texts.UNARY, "hi");

        CallContext call = stage.handled().context();

        assertThat(call.authority()).isEqualTo(channel.authority());
        assertThat(call.requestMetadata().get(MetadataKey.ascii("user-agent"))).startsWith("grpc-java-peregrine/");
        assertThat(call.method()).isEqualTo(Texts.UNARY);
        assertThat(call.peer().local()).isEqualTo(Stage.addressOf(stage.server()));
        assertThat(call.peer().remote())
                .hasSameClassAs(call.peer().local())
                .isNotEqualTo(call.peer().local());
    }
}
