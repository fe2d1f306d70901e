// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.transport.Limits;

/** The interop client: runs one case against a server and tells how it went by its exit code, 0 or 1. */
public final class InteropClient {

    private InteropClient() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments) ? 0 : 1);
    }

    private static boolean run(String[] arguments) {
        ClientFlags flags;
        TestCase testCase;
        try {
            flags = ClientFlags.parse(arguments);
            testCase = TestCases.named(flags.testCase());
        } catch (IllegalArgumentException notUnderstood) {
            System.err.println(notUnderstood.getMessage());
            System.err.println(ClientFlags.USAGE);
            System.err.println("Cases: " + String.join(", ", TestCases.names()));
            return false;
        }
        ManagedChannel channel = ManagedChannel.builder(flags.target())
                .authority(flags.authority())
                .limits(Limits.DEFAULT.withMaxMessageSize(Payloads.MAX_MESSAGE_SIZE))
                .build();
        try (channel) {
            testCase.run(TestStubs.of(channel, flags.face(), flags.additionalMetadata()));
        } catch (Exception failure) {
            System.err.println(flags.testCase() + " failed: " + failure.getMessage());
            failure.printStackTrace();
            return false;
        }
        System.out.println(flags.testCase() + " passed");
        return true;
    }
}
