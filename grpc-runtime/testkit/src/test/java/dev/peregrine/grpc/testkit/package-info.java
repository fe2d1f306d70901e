/** The test kit tested by itself: a scripted client talks to a scripted server. Start reading at {@code ScriptedPeerTest}. */
@NullMarked
package dev.peregrine.grpc.testkit;

import org.jspecify.annotations.NullMarked;
