// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.interop.proto.UnimplementedService;
import java.time.Duration;
import java.util.function.Supplier;

/** What a case calls, and what it is told about how. */
public final class TestStubs {

    /** No case takes seconds; one that hangs fails with DEADLINE_EXCEEDED instead. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Channel channel;
    private final TestService.Client service;
    private final UnimplementedService.Client unimplementedService;
    private final Face face;
    private final Metadata metadata;
    private final SoakPlan soakPlan;
    private final Supplier<ManagedChannel> channels;

    private TestStubs(
            Channel channel, Face face, Metadata metadata, SoakPlan soakPlan, Supplier<ManagedChannel> channels) {
        CallOptions options = CallOptions.DEFAULT.withTimeout(PATIENCE).withMetadata(metadata);
        TestService.Client blocking = TestService.Client.create(channel);
        this.service = (face == Face.BLOCKING ? blocking : new AsyncFace(TestService.AsyncClient.create(channel)))
                .withCallOptions(options);
        this.unimplementedService = UnimplementedService.Client.create(channel).withCallOptions(options);
        this.channel = channel;
        this.face = face;
        this.metadata = metadata;
        this.soakPlan = soakPlan;
        this.channels = channels;
    }

    /**
     * @param face what {@link #service} speaks through
     * @param metadata goes out with every call
     */
    public static TestStubs of(Channel channel, Face face, Metadata metadata) {
        return new TestStubs(channel, face, metadata, SoakPlan.DEFAULT, () -> {
            throw new IllegalStateException("this case opens channels; say withSoak how");
        });
    }

    /**
     * The same stubs for cases that repeat themselves.
     *
     * @param channels opens another channel to the same server
     */
    public TestStubs withSoak(SoakPlan plan, Supplier<ManagedChannel> channels) {
        return new TestStubs(channel, face, metadata, plan, channels);
    }

    /** The service under test. */
    public TestService.Client service() {
        return service;
    }

    /** A service no server has. */
    UnimplementedService.Client unimplementedService() {
        return unimplementedService;
    }

    SoakPlan soakPlan() {
        return soakPlan;
    }

    /** Opens another channel to the same server; whoever asks closes it. */
    ManagedChannel openChannel() {
        return channels.get();
    }

    /** The same stubs on another channel. */
    TestStubs on(Channel channel) {
        return new TestStubs(channel, face, metadata, soakPlan, channels);
    }
}
