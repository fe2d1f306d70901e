// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong when TLS fails, for people. Implementations tell it by exceptions and texts of their own; what they have in
 * common are the names of alerts (RFC 8446 §6.2).
 */
final class TlsDiagnosis {

    private TlsDiagnosis() {}

    /** Why TLS failed, seen from this end. */
    static String of(Throwable failure, boolean server) {
        ExplainingTrust.Distrust distrust = find(failure, ExplainingTrust.Distrust.class);
        if (distrust != null) {
            return String.valueOf(distrust.getMessage());
        }
        String other = server ? "client" : "server";
        if (find(failure, SSLException.class) == null && find(failure, ClosedChannelException.class) != null) {
            return "the " + other + " closed the connection during the handshake; does it speak TLS on this port?";
        }
        String text = rootText(failure);
        String words = text.toUpperCase(Locale.ROOT).replace(' ', '_');
        if (words.contains("ALERT") || words.contains("TLSV1_CERTIFICATE_REQUIRED")) {
            return alert(words, other) + " (" + text + ")";
        }
        if (words.contains("EMPTY_CLIENT_CERTIFICATE") || words.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
            return "the client sent no certificate, which this server requires (" + text + ")";
        }
        return text;
    }

    /** The other end ended the handshake. */
    private static String alert(String words, String other) {
        if (words.contains("CERTIFICATE_REQUIRED")) {
            return "the " + other + " requires a certificate, and got none";
        }
        if (words.contains("BAD_CERTIFICATE") && other.equals("server")) { // Clients cannot require one.
            return "the server requires a certificate and got none, or did not accept ours";
        }
        if (words.contains("UNKNOWN_CA") || words.contains("CERTIFICATE")) {
            return "the " + other + " did not accept our certificate";
        }
        if (words.contains("PROTOCOL_VERSION")) {
            return "there is no version of TLS that both ends speak";
        }
        if (words.contains("NO_APPLICATION_PROTOCOL")) {
            return "the " + other + " does not speak HTTP/2 (ALPN h2)";
        }
        if (words.contains("UNRECOGNIZED_NAME")) {
            return "the " + other + " knows no server of this name";
        }
        if (words.contains("HANDSHAKE_FAILURE")) {
            return "the " + other + " found no cipher suite that both ends have, or requires a certificate";
        }
        return "the " + other + " ended it";
    }

    /** The text of what started it all. */
    static String rootText(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }
}
