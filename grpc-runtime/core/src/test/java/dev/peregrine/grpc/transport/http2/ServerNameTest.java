// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The name that is checked, and the one that is sent ahead. */
class ServerNameTest {

    @ParameterizedTest
    @CsvSource({
        "example.com,        example.com, -1",
        "example.com:443,    example.com, 443",
        "example.com.:443,   example.com, 443",
        "127.0.0.1:50051,    127.0.0.1,   50051",
        "[::1]:443,          ::1,         443",
        "[::1],              ::1,         -1",
        "::1,                ::1,         -1",
        "example.com:,       example.com, -1",
        "example.com:http,   example.com, -1"
    })
    void theHostOfAnAuthorityIsWhatStandsBeforeThePort(String authority, String host, int port) {
        assertThat(ServerName.ofAuthority(authority)).isEqualTo(new ServerName(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "my-service", "example.com"})
    void aNameIsSentAhead(String host) throws Exception {
        List<SNIServerName> names = sentAhead(host);

        assertThat(names).hasSize(1);
        assertThat(((SNIHostName) names.get(0)).getAsciiName()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "fe80::1"})
    void anAddressIsNotSentAhead(String address) throws Exception {
        assertThat(sentAhead(address)).isNullOrEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "my_service", "a..b"})
    void aNameThatDnsDoesNotAllowIsNotSentAhead(String host) throws Exception {
        assertThat(sentAhead(host)).isNullOrEmpty();
    }

    private static List<SNIServerName> sentAhead(String host) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        new ServerName(host, -1).indicate(engine);
        return engine.getSSLParameters().getServerNames();
    }
}
