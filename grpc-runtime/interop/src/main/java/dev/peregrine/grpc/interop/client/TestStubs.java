// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.Metadata;
import dev.peregrine.grpc.client.CallOptions;
import dev.peregrine.grpc.client.Channel;
import dev.peregrine.grpc.interop.Face;
import dev.peregrine.grpc.interop.proto.TestService;
import dev.peregrine.grpc.interop.proto.UnimplementedService;
import java.time.Duration;

/**
 * What a case calls.
 *
 * @param service the service under test
 * @param unimplementedService a service no server has
 */
public record TestStubs(TestService.Client service, UnimplementedService.Client unimplementedService) {

    /** No case takes seconds; one that hangs fails with DEADLINE_EXCEEDED instead. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * @param face what {@link #service} speaks through
     * @param metadata goes out with every call
     */
    public static TestStubs of(Channel channel, Face face, Metadata metadata) {
        CallOptions options = CallOptions.DEFAULT.withTimeout(PATIENCE).withMetadata(metadata);
        TestService.Client service = face == Face.BLOCKING
                ? TestService.Client.create(channel)
                : new AsyncFace(TestService.AsyncClient.create(channel));
        return new TestStubs(
                service.withCallOptions(options),
                UnimplementedService.Client.create(channel).withCallOptions(options));
    }
}
