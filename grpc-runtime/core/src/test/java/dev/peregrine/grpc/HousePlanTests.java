// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The plan of the house, as {@code docs/architecture.md} draws it, held against the classes as they were compiled. */
class HousePlanTests {

    private static final String HOUSE = "dev.peregrine.grpc";
    private static final String HTTP2 = HOUSE + ".transport.http2";
    private static final String ANY_THREAD = HTTP2 + ".AnyThread";

    private static final String[] NOTHING = {};
    private static final String[] BUFFERS = {"io.netty.buffer..", "io.netty.util.."};
    private static final String[] ALL_OF_NETTY = {"io.netty.."};
    private static final String[] PROTOBUF = {"com.google.protobuf..", "com.google.rpc.."};
    private static final String[] ZSTD = {"com.github.luben.zstd.."};

    /** Which room may open which door. A room that has not been built yet keeps its place here. */
    static final List<Room> ROOMS = List.of(
            new Room("", List.of(), NOTHING, "everybody speaks these words, so they may know nobody"),
            new Room("codec", List.of(""), BUFFERS, "compression is a function from bytes to bytes"),
            new Room(
                    "codec.zstd",
                    List.of("", "codec"),
                    ZSTD,
                    "an encoding that was not built in needs nothing but the codec room and its library"),
            new Room("wire", List.of(""), BUFFERS, "the grammar can be tested with a buffer and nothing else"),
            new Room(
                    "observe",
                    List.of(""),
                    NOTHING,
                    "the runtime tells and others count; it must not pick their library"),
            new Room("tls", List.of(""), NOTHING, "settings are data; speaking TLS is the transport's business"),
            new Room("naming", List.of(""), NOTHING, "finding addresses has nothing to do with calling them"),
            new Room(
                    "transport",
                    List.of("", "wire", "tls", "observe"),
                    BUFFERS,
                    "the waist carries bytes, whatever the pipe is made of"),
            new Room(
                    "transport.http2",
                    List.of("", "wire", "tls", "transport", "observe"),
                    ALL_OF_NETTY,
                    "connections know frames and streams, never who calls"),
            new Room(
                    "transport.inprocess",
                    List.of("", "wire", "transport"),
                    BUFFERS,
                    "a second pipe proves that the waist is one"),
            new Room(
                    "server",
                    List.of("", "codec", "wire", "tls", "transport", "observe"),
                    BUFFERS,
                    "a server answers over any transport, and never calls"),
            new Room("balancing", List.of("", "naming"), NOTHING, "picking is a decision, testable as a table"),
            new Room("retry", List.of("", "naming"), NOTHING, "retrying is a decision, testable as a table"),
            new Room(
                    "client",
                    List.of("", "codec", "wire", "tls", "transport", "observe", "naming", "balancing", "retry"),
                    BUFFERS,
                    "the one place where naming, balancing and retry meet a connection"),
            new Room(
                    "stub",
                    List.of("", "server", "client"),
                    NOTHING,
                    "generated code must survive a change of transport and of wire"),
            new Room(
                    "interceptor",
                    List.of("", "server", "client"),
                    NOTHING,
                    "the interceptors we ship use what everybody's interceptors can use"),
            new Room(
                    "protobuf",
                    List.of(""),
                    PROTOBUF,
                    "the only room that knows protobuf, so that others may serialize too"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(Status.class.getProtectionDomain().getCodeSource().getLocation());

    record Room(String name, List<String> doors, String[] libraries, String reason) {

        static String packageOf(String name) {
            return name.isEmpty() ? HOUSE : HOUSE + "." + name;
        }

        String[] mayUse() {
            return Stream.of(
                            Stream.of("java..", "javax..", "org.jspecify.annotations", packageOf(name)),
                            doors.stream().map(Room::packageOf),
                            Stream.of(libraries))
                    .flatMap(packages -> packages)
                    .toArray(String[]::new);
        }

        @Override
        public String toString() {
            return name.isEmpty() ? "~" : name;
        }
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomOpensOnlyTheDoorsOnThePlan(Room room) {
        classes()
                .that()
                .resideInAPackage(Room.packageOf(room.name()))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(room.mayUse()))
                .because(room.reason())
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyRoomIsOnThePlan() {
        assertThat(packages().map(JavaPackage::getName))
                .isSubsetOf(ROOMS.stream().map(Room::name).map(Room::packageOf).toList());
    }

    @Test
    void everyRoomSaysWhatMayBeNull() {
        assertThat(packages()
                        .filter(room -> room.tryGetPackageInfo()
                                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                                .isEmpty())
                        .map(JavaPackage::getName))
                .as("rooms without a package-info.java that says @NullMarked")
                .isEmpty();
    }

    @Test
    void roomsDoNotFormCycles() {
        slices().matching("dev.peregrine.(**)")
                .should()
                .beFreeOfCycles()
                .because("a reader must be able to start at the bottom")
                .check(CLASSES);
    }

    @Test
    void onlyTheHttp2RoomSeesNettyChannels() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HTTP2)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..", "io.netty.bootstrap..", "io.netty.handler..")
                .because("whoever holds a channel can step past windows, limits and the one door between threads")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIsForNotHowItIsBuilt() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .orShould()
                .resideInAnyPackage("..internal..", "..impl..")
                .because("a second class that is the first one's implementation is an idea without a name")
                .check(CLASSES);
    }

    @Test
    void theHttp2RoomSharesNoFieldsBetweenThreads() {
        noFields()
                .that()
                .areDeclaredInClassesThat(confinedToAnEventLoop())
                .and(not(annotatedWith(ANY_THREAD)))
                .should()
                .haveModifier(JavaModifier.VOLATILE)
                .orShould()
                .haveRawType(resideInAnyPackage("java.util.concurrent.locks", "java.util.concurrent.atomic"))
                .orShould()
                .haveRawType(VarHandle.class)
                .because("a connection belongs to its event loop; other threads come through the Mailbox")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theHttp2RoomHasNoSynchronizedMethods() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(confinedToAnEventLoop())
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .because(
                        "a connection belongs to its event loop, and an event loop that waits stalls all its connections")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Blocks leave no trace in what ArchUnit reads of a class, so this one rule reads the sources. */
    @Test
    void theHttp2RoomHasNoSynchronizedBlocks() throws IOException {
        Pattern block = Pattern.compile("\\bsynchronized\\s*\\(");
        try (Stream<Path> sources = Files.list(Path.of("src/main/java", HTTP2.split("\\.")))) {
            assertThat(sources.filter(source -> block.matcher(read(source)).find()))
                    .as("sources with a synchronized block")
                    .isEmpty();
        }
    }

    /**
     * The classes of the HTTP/2 room that threads do not share. The others are made for it and say so with
     * {@code @AnyThread}; {@code EventLoops} counts the users of the loops, before and after any connection.
     */
    private static DescribedPredicate<JavaClass> confinedToAnEventLoop() {
        return DescribedPredicate.describe("are confined to an event loop", type -> {
            JavaClass file = type;
            while (file.getEnclosingClass().isPresent()) {
                file = file.getEnclosingClass().get();
            }
            return type.getPackageName().equals(HTTP2)
                    && !file.isAnnotatedWith(ANY_THREAD)
                    && !file.getSimpleName().equals("EventLoops");
        });
    }

    private static Stream<JavaPackage> packages() {
        return CLASSES.stream().map(JavaClass::getPackage).distinct();
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
