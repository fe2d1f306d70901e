// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The encodings that a server or a channel can read and write, in the order in which it names them to its peers.
 * {@code identity}, which changes nothing, is always among them. Immutable.
 *
 * <pre>{@code
 * Server.builder().encodings(encodings -> encodings.with(ZstdEncoding.DEFAULT))
 * }</pre>
 */
public final class MessageEncodings {

    /** The name of the encoding that leaves messages as they are. */
    public static final String IDENTITY = "identity";

    /** Nothing but {@code identity}: who has only these refuses compressed messages. */
    public static final MessageEncodings NONE = new MessageEncodings(List.of());

    /** {@code gzip}. */
    public static final MessageEncodings DEFAULT = new MessageEncodings(List.of(GzipEncoding.DEFAULT));

    private final List<MessageEncoding> encodings;
    private final String names;

    private MessageEncodings(List<MessageEncoding> encodings) {
        this.encodings = encodings;
        this.names = Stream.concat(Stream.of(IDENTITY), encodings.stream().map(MessageEncoding::name))
                .collect(Collectors.joining(","));
    }

    /**
     * These and this one, which takes the place of one with the same name.
     *
     * @throws IllegalArgumentException if the name cannot stand in a header, or is {@code identity}
     */
    public MessageEncodings with(MessageEncoding encoding) {
        String name = encoding.name();
        if (!name.matches("[a-z0-9._-]+") || name.equals(IDENTITY)) {
            throw new IllegalArgumentException("name of a message encoding: '" + name
                    + "' (expected: lower-case letters, digits, '.', '_' and '-', and not identity)");
        }
        List<MessageEncoding> more = new ArrayList<>(without(name).encodings);
        more.add(encoding);
        return new MessageEncodings(List.copyOf(more));
    }

    /** These but the one of this name, if there is one. */
    public MessageEncodings without(String name) {
        return new MessageEncodings(encodings.stream()
                .filter(encoding -> !encoding.name().equals(name))
                .toList());
    }

    /** The value of {@code grpc-accept-encoding}: {@code identity}, and all names behind it. */
    public String names() {
        return names;
    }

    /**
     * The encoding a peer names; null if it is not here, or {@code identity}.
     */
    public @Nullable MessageEncoding find(@Nullable CharSequence name) {
        if (name != null) {
            for (MessageEncoding encoding : encodings) {
                if (encoding.name().contentEquals(name)) {
                    return encoding;
                }
            }
        }
        return null;
    }

    /** Whether messages of a peer that names this encoding can be read. Without a name nothing is compressed. */
    public boolean canRead(@Nullable CharSequence name) {
        return isIdentity(name) || find(name) != null;
    }

    /**
     * The encoding the application names; null for {@code identity}.
     *
     * @throws IllegalArgumentException if it is not here
     */
    public @Nullable MessageEncoding require(String name) {
        MessageEncoding encoding = find(name);
        if (encoding == null && !isIdentity(name)) {
            throw new IllegalArgumentException("message encoding: '" + name + "' (expected one of: " + names
                    + "; the builder's encodings method adds others)");
        }
        return encoding;
    }

    /** Whether this is the encoding that changes nothing, said aloud or by saying nothing. */
    private static boolean isIdentity(@Nullable CharSequence name) {
        return name == null || IDENTITY.contentEquals(name);
    }

    @Override
    public String toString() {
        return names;
    }
}
