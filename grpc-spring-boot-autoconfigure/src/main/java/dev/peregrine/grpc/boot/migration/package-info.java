/**
 * For those who come from elsewhere: properties of other gRPC starters are recognised and answered with the name that they
 * have here, instead of silently doing nothing.
 *
 * <p>Who may come in: the rooms of servers and clients, to ask whether encryption would be lost, and where a client without a
 * target was to call; applications may set {@code grpc.migration.hints.enabled=false}. This room knows theirs by the names of
 * their properties only. Thread rule: the container's, while the application starts or a client is made. Start reading at
 * {@code OldNameHints} or {@link dev.peregrine.grpc.boot.migration.LostEncryption}; the names themselves are data, a file for each
 * starter, from which {@code docs/migration-properties.md} has its tables.
 */
@NullMarked
package dev.peregrine.grpc.boot.migration;

import org.jspecify.annotations.NullMarked;
