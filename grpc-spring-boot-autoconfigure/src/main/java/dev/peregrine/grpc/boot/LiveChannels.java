// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot;

import dev.peregrine.grpc.client.ManagedChannel;
import java.util.Map;

/** Knows the channels of the application's clients, for those who show them. For any thread. */
public interface LiveChannels {

    /** Those that were made so far, by the name of their client. */
    Map<String, ManagedChannel> byClient();
}
