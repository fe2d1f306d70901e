// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.client;

import dev.peregrine.grpc.client.ManagedChannel;
import dev.peregrine.grpc.interop.Payloads;
import dev.peregrine.grpc.tls.ClientTls;

/** The interop client: runs one case against a server and tells how it went by its exit code, 0 or 1. */
public final class InteropClient {

    private InteropClient() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments) ? 0 : 1);
    }

    /** Whether the case passed; what there is to say about it is printed. */
    static boolean run(String... arguments) {
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
        try (ManagedChannel channel = open(flags)) {
            testCase.run(TestStubs.of(channel, flags.face(), flags.additionalMetadata())
                    .withSoak(flags.soak(), () -> open(flags)));
        } catch (Exception failure) {
            System.err.println(flags.testCase() + " failed: " + failure.getMessage());
            failure.printStackTrace();
            return false;
        }
        System.out.println(flags.testCase() + " passed");
        return true;
    }

    private static ManagedChannel open(ClientFlags flags) {
        ManagedChannel.Builder channel = ManagedChannel.builder(flags.target())
                .authority(flags.authority())
                .limits(Payloads.LIMITS);
        ClientTls tls = flags.tls();
        if (tls != null) {
            channel.tls(tls);
        }
        return channel.build();
    }
}
