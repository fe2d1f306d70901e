// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peregrine.grpc.Status;
import dev.peregrine.grpc.transport.ClientConnection;
import dev.peregrine.grpc.transport.ConnectOptions;
import dev.peregrine.grpc.transport.ConnectionListener;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailboxTest {

    private final AtomicInteger wakeUps = new AtomicInteger();
    private final DefaultEventLoop loop = new DefaultEventLoop() {
        @Override
        public void execute(Runnable task) {
            if (task instanceof Mailbox) {
                wakeUps.incrementAndGet();
            }
            super.execute(task);
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Mailbox mailbox = new Mailbox(loop, connection());
    private final List<String> opened = new CopyOnWriteArrayList<>();

    private Connection connection() {
        ConnectOptions options = ConnectOptions.of("test");
        Connection connection = new Connection(
                channel,
                options.limits(),
                false,
                Clock.SYSTEM,
                created -> new ClientRole(
                        created, options, new KeepAlivePace(options.keepAlive()), new ConnectionListener() {
                            @Override
                            public void onReady(ClientConnection ready) {}

                            @Override
                            public void onDraining() {}

                            @Override
                            public void onClosed(Status why) {}
                        }));
        channel.pipeline().addLast(connection);
        return connection;
    }

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        channel.finishAndReleaseAll();
    }

    private final class Note extends Mailbox.Letter {
        private final String text;

        Note(String text) {
            this.text = text;
        }

        @Override
        void open() {
            opened.add(text);
        }

        @Override
        void discard() {
            opened.add("discarded " + text);
        }
    }

    /** Keeps the loop busy until the latch opens. */
    private CountDownLatch busyLoop() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        loop.submit(() -> {
            started.countDown();
            return go.await(20, TimeUnit.SECONDS);
        });
        started.await();
        return go;
    }

    private void untilTheLoopHasDoneEverything() throws Exception {
        loop.submit(() -> null).get(10, TimeUnit.SECONDS);
    }

    @Test
    void lettersAreOpenedInTheirOrderWithOneWakeUp() throws Exception {
        CountDownLatch go = busyLoop();
        for (String text : List.of("a", "b", "c", "d")) {
            mailbox.post(new Note(text));
        }
        go.countDown();
        untilTheLoopHasDoneEverything();

        assertThat(opened).containsExactly("a", "b", "c", "d");
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void anEmptyMailboxNeedsANewWakeUp() throws Exception {
        mailbox.post(new Note("a"));
        untilTheLoopHasDoneEverything();
        mailbox.post(new Note("b"));
        untilTheLoopHasDoneEverything();

        assertThat(opened).containsExactly("a", "b");
        assertThat(wakeUps).hasValue(2);
    }

    @Test
    void aLetterPostedByALetterIsOpenedBehindTheOthers() throws Exception {
        CountDownLatch go = busyLoop();
        mailbox.post(new Mailbox.Letter() {
            @Override
            void open() {
                opened.add("a");
                mailbox.post(new Note("c"));
            }
        });
        mailbox.post(new Note("b"));
        go.countDown();
        untilTheLoopHasDoneEverything();
        untilTheLoopHasDoneEverything();

        assertThat(opened).containsExactly("a", "b", "c");
    }

    @Test
    void itIsEmptyOnlyWhenEveryLetterIsOpened() throws Exception {
        CompletableFuture<Boolean> emptyWithOneInHand = new CompletableFuture<>();
        assertThat(mailbox.isEmpty()).isTrue();
        CountDownLatch go = busyLoop();
        mailbox.post(new Mailbox.Letter() {
            @Override
            void open() {
                emptyWithOneInHand.complete(mailbox.isEmpty());
            }
        });
        assertThat(mailbox.isEmpty()).isFalse();
        mailbox.post(new Note("b"));
        go.countDown();
        untilTheLoopHasDoneEverything();

        assertThat(emptyWithOneInHand.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(loop.submit(mailbox::isEmpty).get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void lettersToALoopThatIsGoneAreDiscarded() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        mailbox.post(new Note("a"));
        mailbox.post(new Note("b"));

        assertThat(opened).containsExactly("discarded a", "discarded b");
    }

    @Test
    void manySendersLoseNothingAndKeepTheirOwnOrder() throws Exception {
        int senders = 4;
        int each = 25_000;
        int[] last = new int[senders];
        AtomicInteger outOfOrder = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(senders * each);
        Thread[] threads = new Thread[senders];
        for (int sender = 0; sender < senders; sender++) {
            int me = sender;
            threads[sender] = new Thread(() -> {
                for (int number = 1; number <= each; number++) {
                    int mine = number;
                    mailbox.post(new Mailbox.Letter() {
                        @Override
                        void open() {
                            if (++last[me] != mine) {
                                outOfOrder.incrementAndGet();
                            }
                            all.countDown();
                        }
                    });
                }
            });
            threads[sender].start();
        }

        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(outOfOrder).hasValue(0);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
