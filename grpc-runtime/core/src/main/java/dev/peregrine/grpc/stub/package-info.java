/**
 * What generated code calls: the four kinds of call in a blocking and an asynchronous face, for servers and clients.
 *
 * <p>Who may come in: generated code, and applications for the readers, writers and calls they are handed. Thread rule:
 * blocking faces block the calling thread and refuse to on an event loop; asynchronous faces complete on the connection's
 * event loop unless the call's options name an executor. Start reading at
 * {@link dev.peregrine.grpc.stub.ServiceBinding} and {@link dev.peregrine.grpc.stub.ClientCalls}.
 */
@NullMarked
package dev.peregrine.grpc.stub;

import org.jspecify.annotations.NullMarked;
