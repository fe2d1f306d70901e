// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import dev.peregrine.grpc.boot.Durations;
import dev.peregrine.grpc.transport.KeepAlive;
import java.time.Duration;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a server makes of silence on its connections, and how often clients may ask whether it is there.
 *
 * @param time How long a client may be silent before it is asked whether it is there; at least 10s. 0 never asks.
 * @param timeout How long it may take to answer before the connection counts as lost.
 * @param withoutCalls Whether a client is asked even while it has no call open.
 * @param permit What clients may ask.
 */
record KeepAliveProperties(
        @DefaultValue("2h") Duration time,
        @DefaultValue("20s") Duration timeout,
        @DefaultValue("true") boolean withoutCalls,
        @NestedConfigurationProperty @DefaultValue Permit permit) {

    /**
     * How often clients may ask.
     *
     * @param time How long a client must wait between two questions whether the server is there. 0 permits any.
     * @param withoutCalls Whether a client may ask while it has no call open.
     */
    record Permit(
            @DefaultValue("5m") Duration time,
            @DefaultValue("false") boolean withoutCalls) {}

    KeepAlive toKeepAlive() {
        return Durations.keepAlive(time, timeout, withoutCalls);
    }
}
