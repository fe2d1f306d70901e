/**
 * The runtime tells: pictures of servers, channels, connections and calls, as they were at the moment somebody asked. Others
 * count, show and serve them.
 *
 * <p>Who may come in: everybody. Thread rule: immutable records. They are taken on the event loops between two pieces of
 * other work, so that nothing stops for them, and connections are pictured one after the other: numbers of two connections
 * may be some microseconds apart. As long as nobody asks, a connection counts in plain fields, and no more.
 *
 * <p>Start reading at {@link dev.peregrine.grpc.observe.ServerSnapshot}.
 */
@NullMarked
package dev.peregrine.grpc.observe;

import org.jspecify.annotations.NullMarked;
