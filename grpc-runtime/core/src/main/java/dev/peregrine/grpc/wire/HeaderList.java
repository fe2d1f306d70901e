// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import dev.peregrine.grpc.Metadata;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one inbound header block in the order they came, and the metadata among them. Adding stores two
 * references; names and values are looked at when somebody asks for the metadata, which on most calls nobody does.
 *
 * <p>Metadata is every field but the pseudo-headers, those that this package gives a meaning ({@code content-type},
 * {@code content-length}, {@code te}, {@code host}, {@code grpc-timeout}, {@code grpc-encoding}, {@code grpc-accept-encoding}, {@code
 * grpc-status}, {@code grpc-message}) and those that speak of a connection. {@code user-agent} and
 * {@code grpc-status-details-bin} are metadata: somebody above reads them.
 *
 * <p>A field that cannot be metadata is left out whole, since an altered value would be worse than none: an illegal name,
 * text with a character outside %x20-%x7E, a {@code -bin} value that is not base64. Spaces around a text are no part of it.
 */
public final class HeaderList {

    private static final int FIRST_CAPACITY = 16;
    private static final Object[] NONE = {};

    /** Name, value, name, value, ... */
    private Object[] entries = NONE;

    private int length;

    private @Nullable Metadata metadata;

    /** Adds a field. Both sequences are kept, not copied: they must not change afterwards. */
    public void add(CharSequence name, CharSequence value) {
        if (length == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(FIRST_CAPACITY, length * 2));
        }
        entries[length] = name;
        entries[length + 1] = value;
        length += 2;
        metadata = null;
    }

    /** The number of fields. */
    public int size() {
        return length / 2;
    }

    /** The metadata; the same object until a field is added. */
    public Metadata toMetadata() {
        Metadata known = metadata;
        if (known == null) {
            known = length == 0 ? Metadata.EMPTY : materialise();
            metadata = known;
        }
        return known;
    }

    private Metadata materialise() {
        Metadata.Builder into = Metadata.builder();
        for (int i = 0; i < length; i += 2) {
            CharSequence name = (CharSequence) entries[i];
            if (KnownName.of(name) == KnownName.CUSTOM && isLegalName(name)) {
                addTo(into, name.toString(), (CharSequence) entries[i + 1]);
            }
        }
        return into.build();
    }

    private static void addTo(Metadata.Builder into, String name, CharSequence value) {
        if (name.endsWith("-bin")) {
            BinaryValues.decode(name, value, into);
        } else if (isLegalText(value)) {
            into.addText(name, trim(value));
        }
    }

    /** Header-Name → 1*( %x30-39 / %x61-7A / "_" / "-" / "." ). */
    private static boolean isLegalName(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            if (!legal) {
                return false;
            }
        }
        return name.length() > 0;
    }

    /** ASCII-Value → 1*( %x20-%x7E ), and tabs where they are about to be trimmed; an empty value is let through. */
    private static boolean isLegalText(CharSequence value) {
        int end = trimmedEnd(value);
        for (int i = trimmedStart(value, end); i < end; i++) {
            char c = value.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static String trim(CharSequence value) {
        int end = trimmedEnd(value);
        int start = trimmedStart(value, end);
        // AsciiString remembers the String it was turned into; a part of it would not.
        return start == 0 && end == value.length()
                ? value.toString()
                : value.subSequence(start, end).toString();
    }

    private static int trimmedEnd(CharSequence value) {
        int end = value.length();
        while (end > 0 && isSpace(value.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static int trimmedStart(CharSequence value, int end) {
        int start = 0;
        while (start < end && isSpace(value.charAt(start))) {
            start++;
        }
        return start;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
