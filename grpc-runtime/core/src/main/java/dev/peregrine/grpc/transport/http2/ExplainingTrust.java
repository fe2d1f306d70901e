// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets another trust manager decide, and says why it refused: trust managers know the certificates, but not what a reader
 * of the error wants to know about them.
 */
@AnyThread
final class ExplainingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager judge;

    ExplainingTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            throw new Distrust(whyServer(chain, authType, engine, refused), refused);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException refused) {
            throw new Distrust(why("client", chain, refused), refused);
        }
    }

    private String whyServer(X509Certificate[] chain, String authType, SSLEngine engine, CertificateException refused) {
        try {
            judge.checkServerTrusted(chain, authType); // Without the engine, there is no name to check.
        } catch (CertificateException notTheName) {
            return why("server", chain, refused);
        }
        return "the server's certificate is for " + names(chain[0]) + ", not for '" + engine.getPeerHost() + "' ("
                + TlsDiagnosis.rootText(refused) + ")";
    }

    private static String why(String whose, X509Certificate[] chain, CertificateException refused) {
        Date now = new Date();
        for (X509Certificate certificate : chain) {
            String subject = "'" + certificate.getSubjectX500Principal() + "'";
            if (now.after(certificate.getNotAfter())) {
                return "the " + whose + "'s certificate " + subject + " expired at "
                        + certificate.getNotAfter().toInstant();
            }
            if (now.before(certificate.getNotBefore())) {
                return "the " + whose + "'s certificate " + subject + " is not valid before "
                        + certificate.getNotBefore().toInstant();
            }
        }
        return "the " + whose + "'s certificate '" + chain[0].getSubjectX500Principal() + "', issued by '"
                + chain[chain.length - 1].getIssuerX500Principal() + "', is not trusted ("
                + TlsDiagnosis.rootText(refused) + ")";
    }

    /** DNS names and addresses (RFC 5280 §4.2.1.6: types 2 and 7); if there are none, the subject. */
    private static String names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> name : alternatives) {
                    if (name.get(0).equals(2) || name.get(0).equals(7)) {
                        names.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateException unreadable) {
            return "names that cannot be read (" + unreadable.getMessage() + ")";
        }
        return names.isEmpty() ? "'" + certificate.getSubjectX500Principal() + "'" : names.toString();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    /** A certificate was refused; the text is for people. */
    static final class Distrust extends CertificateException {

        private static final long serialVersionUID = 1L;

        Distrust(String why, CertificateException cause) {
            super(why, cause);
        }
    }
}
