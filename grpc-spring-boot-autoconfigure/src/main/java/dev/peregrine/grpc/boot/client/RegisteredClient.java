// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

/**
 * Which bean {@link ImportGrpcClients} has made, of what.
 *
 * @param bean its name
 * @param client the name under {@code grpc.client}
 * @param type the generated client
 */
record RegisteredClient(String bean, String client, Class<?> type) {}
