/**
 * For those who come from elsewhere: properties of other gRPC starters are recognised and answered with the name that they
 * have here, instead of silently doing nothing.
 *
 * <p>Who may come in: nobody; applications may set {@code grpc.migration.hints=false}. Thread rule: the container's, once,
 * while the application starts. Start reading at {@code OldNameHints}; the names themselves are data, a file for each
 * starter, from which {@code docs/migration.md} has its tables.
 */
@NullMarked
package dev.peregrine.grpc.boot.migration;

import org.jspecify.annotations.NullMarked;
