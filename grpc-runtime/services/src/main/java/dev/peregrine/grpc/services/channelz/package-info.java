/**
 * Tells tools such as grpcdebug, by gRPC's channelz protocol, what a process is doing: its servers, channels and
 * connections, and what they have counted. Whoever can call it learns the addresses of every peer: serve it where only
 * operators come.
 *
 * <p>Who may come in: everybody. Thread rule: pictures are taken on the event loops, when somebody asks; answers are made
 * there too. Start reading at {@link dev.peregrine.grpc.services.channelz.ChannelzService}.
 */
@NullMarked
package dev.peregrine.grpc.services.channelz;

import org.jspecify.annotations.NullMarked;
