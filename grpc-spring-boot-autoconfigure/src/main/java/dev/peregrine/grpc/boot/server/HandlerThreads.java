// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.server;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocking handlers of one server run.
 *
 * @param executor null for the runtime's own virtual threads
 * @param description as it goes on behind "blocking handlers run on"
 * @param release gives back what was made for this server, when it has ended
 */
record HandlerThreads(@Nullable Executor executor, String description, Runnable release) {}
