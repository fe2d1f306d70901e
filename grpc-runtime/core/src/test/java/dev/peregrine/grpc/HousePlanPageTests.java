// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rooms in {@code docs/architecture.md} is the one that {@link HousePlanTests} checks, less what is not built. */
class HousePlanPageTests {

    private static final Path PAGE = Path.of("..", "..", "docs", "architecture.md");
    private static final Path HOUSE = Path.of("src/main/java/dev/peregrine/grpc");

    private static final Map<List<String>, String> LIBRARIES = Map.of(
            List.of(), "none",
            List.of("io.netty.buffer..", "io.netty.util.."), "Netty's buffers",
            List.of("io.netty.."), "all of Netty",
            List.of("com.google.protobuf..", "com.google.rpc.."), "protobuf-java, the messages of `google.rpc`",
            List.of("com.github.luben.zstd.."), "zstd-jni");

    @Test
    void thePageShowsThePlanOfEveryRoomThatIsBuilt() throws IOException {
        assertThat(rowsOfThePage())
                .containsExactlyInAnyOrderElementsOf(HousePlanTests.ROOMS.stream()
                        .filter(room -> isBuilt(room.name()))
                        .map(HousePlanPageTests::row)
                        .toList());
    }

    private static String row(HousePlanTests.Room room) {
        String doors = room.doors().stream()
                .filter(HousePlanPageTests::isBuilt)
                .map(HousePlanPageTests::named)
                .collect(Collectors.joining(" "));
        String libraries = LIBRARIES.get(List.of(room.libraries()));
        return "| %s | %s | %s | %s |"
                .formatted(named(room.name()), doors.isEmpty() ? "nothing of ours" : doors, libraries, room.reason());
    }

    private static String named(String room) {
        return room.isEmpty() ? "`~`" : "`" + room + "`";
    }

    private static boolean isBuilt(String room) {
        return Files.isDirectory(HOUSE.resolve(room.replace('.', '/')));
    }

    private static List<String> rowsOfThePage() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("## Which room may open which door");
        try (Stream<String> lines =
                page.substring(start, page.indexOf("\n## ", start)).lines()) {
            return lines.filter(line -> line.startsWith("| `")).toList();
        }
    }
}
