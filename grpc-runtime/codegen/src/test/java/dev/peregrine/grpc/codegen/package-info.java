/** The generator's tests: real protoc describes the fixtures in {@code src/test/protobuf}, real javac judges the output. */
@NullMarked
package dev.peregrine.grpc.codegen;

import org.jspecify.annotations.NullMarked;
