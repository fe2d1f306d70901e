/**
 * Stand-ins for the runtime: the shapes that generated code is compiled against here, because this module depends on
 * nothing of ours. They record what generated code asks of them. The modules that are built with this generator compile
 * its output against the real ones.
 */
@NullMarked
package dev.peregrine.grpc;

import org.jspecify.annotations.NullMarked;
