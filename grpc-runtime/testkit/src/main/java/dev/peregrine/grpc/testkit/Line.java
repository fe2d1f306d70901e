// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One socket with its two threads: one writes what it is handed in order, so that nobody else ever blocks on a full
 * socket; the other reads, lets the {@link Law} judge and the {@link Manners} answer, and fills the {@link Inbox}.
 *
 * <p>What is written goes into the transcript before its octets leave, so a reply never stands above its question.
 */
final class Line {

    /** As much as a receive buffer usually holds, so that much arrives with little latency. */
    private static final int READ_AT_ONCE = 64 * 1024;

    private final Socket socket;
    private final Role role;
    private final OutputStream out;
    private final Departures departures;
    private final Transcript transcript = new Transcript();
    private final Inbox inbox = new Inbox();
    private final Manners manners = new Manners(this);
    private final HeaderEncoder headerEncoder = new HeaderEncoder();
    private final HeaderDecoder headerDecoder = new HeaderDecoder();
    private final FrameWriter frameWriter = new FrameWriter(headerEncoder);
    private final FrameReader frameReader;
    private final Law law;
    private final ExecutorService writer;
    private final AtomicBoolean reading = new AtomicBoolean();

    Line(Socket socket, Role role, Latency latency) throws IOException {
        this.socket = socket;
        this.role = role;
        socket.setTcpNoDelay(true);
        this.out = socket.getOutputStream();
        this.departures = new Departures(latency, task -> daemon(task, "departures"));
        InputStream in = new BufferedInputStream(new Arrivals(socket.getInputStream(), latency), READ_AT_ONCE);
        this.frameReader = new FrameReader(in, headerDecoder);
        this.law = new Law(role, this::apply);
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "writer"),
                // Lawful race: an answer of the manners, thought of while the script was closing.
                new ThreadPoolExecutor.DiscardPolicy());
    }

    Inbox inbox() {
        return inbox;
    }

    Manners manners() {
        return manners;
    }

    Transcript transcript() {
        return transcript;
    }

    Role role() {
        return role;
    }

    Socket socket() {
        return socket;
    }

    Octets encodeHeaderBlock(List<Header> headers) {
        return headerEncoder.encode(0, headers);
    }

    /** Writes the frames as one piece. */
    Future<?> write(Frame... frames) {
        return writer.submit(() -> {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            for (Frame frame : frames) {
                law.sending(frame);
                manners.sending(frame);
                transcript.said(frame);
                octets.writeBytes(frameWriter.octets(frame).toArray());
            }
            writeOut(Octets.of(octets.toByteArray()));
        });
    }

    /** @param name what the transcript says */
    Future<?> writeRaw(Octets octets, String name) {
        return writer.submit(() -> {
            transcript.said(name);
            writeOut(octets);
        });
    }

    /** As {@link #writeRaw}, for octets that the law cannot follow. */
    Future<?> writeUnread(Octets octets) {
        return writer.submit(() -> {
            law.sendingRawOctets();
            transcript.said("raw " + octets);
            writeOut(octets);
        });
    }

    /** Their table size counts from our ACK on: RFC 9113, section 4.3.1. */
    void acknowledge(Frame.Settings theirs) {
        writer.submit(() -> {
            Long tableSize = theirs.values().get(Setting.HEADER_TABLE_SIZE);
            if (tableSize != null) {
                headerEncoder.limitTable(tableSize);
            }
            transcript.said(Frame.Settings.ACK);
            writeOut(frameWriter.octets(Frame.Settings.ACK));
        });
    }

    /** Ends our direction after everything written before. */
    Future<?> halfClose() {
        return writer.submit(() -> {
            transcript.said("(end of stream)");
            depart(this::shutDownOutput);
        });
    }

    void startReading() {
        if (reading.compareAndSet(false, true)) {
            daemon(this::read, "reader").start();
        }
    }

    void close() {
        writer.shutdownNow();
        departures.addLast(this::closeSocket);
    }

    private void read() {
        try {
            if (role == Role.SERVER) {
                frameReader.expectPreface();
                transcript.heard("preface");
            }
            for (Frame frame = frameReader.next(); frame != null; frame = frameReader.next()) {
                transcript.heard(frame);
                law.received(frame);
                manners.received(frame);
                inbox.add(frame);
            }
            ended("end of stream", false);
        } catch (ProtocolBreach e) {
            ended("breach of protocol: " + e.getMessage(), true);
        } catch (IOException e) {
            ended(String.valueOf(e.getMessage()), false);
        } catch (RuntimeException e) {
            ended("this test kit has failed: " + e, true);
        }
    }

    private void ended(String how, boolean breach) {
        transcript.heard("(" + how + ")");
        inbox.end(how, breach);
    }

    private void apply(Frame.Settings acknowledged) {
        Long tableSize = acknowledged.values().get(Setting.HEADER_TABLE_SIZE);
        if (tableSize != null) {
            headerDecoder.limitTable(tableSize);
        }
        Long frameSize = acknowledged.values().get(Setting.MAX_FRAME_SIZE);
        if (frameSize != null) {
            frameReader.limitFrames(frameSize.intValue());
        }
    }

    private void writeOut(Octets octets) {
        for (int start = 0; start < octets.length(); start += Departures.PIECE) {
            byte[] piece = octets.slice(start, Math.min(octets.length(), start + Departures.PIECE))
                    .toArray();
            depart(() -> write(piece));
        }
    }

    private void depart(Runnable step) {
        try {
            departures.add(step);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection that the other side has ended already is no failure here: the script hears of it when it listens. */
    private void write(byte[] octets) {
        try {
            out.write(octets);
            out.flush();
        } catch (IOException e) {
            transcript.said("(not written: " + e.getMessage() + ")");
        }
    }

    private void shutDownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            transcript.said("(cannot be closed: " + e.getMessage() + ")");
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            transcript.said("(close failed: " + e.getMessage() + ")");
        }
    }

    private Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "scripted-" + role + "-" + name);
        thread.setDaemon(true);
        return thread;
    }
}
