// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.interop.foreign;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.peregrine.grpc.interop.proto.SimpleRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code bin/foreign-peers} has installed, and the programs of {@code src/foreign} that run on it. */
final class ForeignTools {

    private static final Path PROGRAMS = Path.of("src", "foreign").toAbsolutePath();
    private static final Path PROTO = Path.of("src", "main", "protobuf", "grpc", "testing", "interop.proto")
            .toAbsolutePath();

    private ForeignTools() {}

    /** Starts a tool that is installed; fails if it is not, instead of leaving the tests out. */
    static ForeignProcess start(String tool, String... arguments) throws IOException {
        String installed = System.getProperty("foreign.tools");
        if (installed == null) {
            throw new AssertionError("the property foreign.tools is not set; run with -Pforeign");
        }
        Path program = Path.of(installed, "bin", tool).toAbsolutePath();
        if (!Files.isExecutable(program)) {
            throw new AssertionError(program + " is not there; see bin/foreign-peers");
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return ForeignProcess.start(
                command,
                Map.of("INTEROP_PROTO", PROTO.toString(), "INTEROP_DESCRIPTORS", descriptors(Path.of(installed))));
    }

    /** Starts one of our own programs in another language. */
    static ForeignProcess run(Language language, String program, String... arguments) throws IOException {
        List<String> all = new ArrayList<>();
        all.add(PROGRAMS.resolve(language.directory)
                .resolve(program + language.extension)
                .toString());
        all.addAll(List.of(arguments));
        return start(language.tool, all.toArray(String[]::new));
    }

    private static synchronized String descriptors(Path directory) throws IOException {
        FileDescriptorSet set = FileDescriptorSet.newBuilder()
                .addFile(SimpleRequest.getDescriptor().getFile().toProto())
                .build();
        Path file = directory.resolve("interop.descriptors").toAbsolutePath();
        Files.write(file, set.toByteArray());
        return file.toString();
    }

    /** An implementation of gRPC that is not in Java. */
    enum Language {
        GRPCIO("python", "grpcio", ".py"),
        GRPC_JS("node", "grpc-js", ".js");

        private final String tool;
        private final String directory;
        private final String extension;

        Language(String tool, String directory, String extension) {
            this.tool = tool;
            this.directory = directory;
            this.extension = extension;
        }

        @Override
        public String toString() {
            return directory;
        }
    }
}
