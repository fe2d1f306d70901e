// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.observe;

/**
 * A channel.
 *
 * @param id a number that nothing else in this process has
 * @param target what the channel leads to, as it was written
 * @param authority what it calls the server
 * @param state the name of its connectivity state: {@code IDLE}, {@code CONNECTING}, {@code READY},
 *     {@code TRANSIENT_FAILURE} or {@code SHUTDOWN}
 * @param transport its connections
 */
public record ChannelSnapshot(long id, String target, String authority, String state, TransportSnapshot transport) {}
