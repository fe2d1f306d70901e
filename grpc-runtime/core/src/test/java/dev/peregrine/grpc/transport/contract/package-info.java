/**
 * What every transport promises, whatever it is made of, as one suite of tests that each of them passes. It speaks through
 * servers and channels only, so a transport joins it with one line in {@link
 * dev.peregrine.grpc.transport.contract.Transports}.
 *
 * <p>The cast: a {@code Stage} with server and channel, {@code HeardCall} on the client's side of a call and
 * {@code HandledCall} on the server's. Start reading at {@code CallKindsContractTest}.
 */
package dev.peregrine.grpc.transport.contract;
