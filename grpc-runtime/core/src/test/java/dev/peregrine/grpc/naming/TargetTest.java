// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.InProcessAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a channel may be told to talk to. */
class TargetTest {

    private static final String SUPPORTED = "host:port or dns:///host:port, with an IPv6 address in brackets,"
            + " unix:path, unix:///absolute/path, unix-abstract:name, or inprocess:name";

    @ParameterizedTest
    @CsvSource({
        "localhost:9090, localhost, 9090",
        "localhost, localhost, 443",
        "api.example.com:1, api.example.com, 1",
        "127.0.0.1:65535, 127.0.0.1, 65535",
        "my_service-2:50051, my_service-2, 50051",
        "dns:host:80, host, 80",
        "dns:///host:80, host, 80",
        "dns:///host, host, 443",
        "DNS:///host:80, host, 80",
        "dns://host:80, host, 80",
        "static:80, static, 80",
        "xds:8080, xds, 8080",
        "vsock:1, vsock, 1",
        "' host:80 ', host, 80",
        "[::1]:80, ::1, 80",
        "[::1], ::1, 443",
        "dns:///[2001:db8::7]:80, 2001:db8::7, 80",
        "[::ffff:10.0.0.1]:80, ::ffff:10.0.0.1, 80",
        "[fe80::1%eth0]:80, fe80::1%eth0, 80",
    })
    void aTargetIsUnderstood(String text, String host, int port) {
        assertThat(Target.parse(text)).isEqualTo(new Target.Host(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "host:",
                "host:http",
                "static:host:80",
                "host:-1",
                "host:123456",
                "host:80:90",
                "host/path",
                "host:80/path",
                "a b:80",
                "user@host:80",
                "::1",
                "2001:db8::7:80",
                "[::1",
                "[::1]80",
                "[host]:80",
                "[]:80",
                "dns:///",
            })
    void anythingElseIsRefusedWithWhatWasExpected(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.parse(text))
                .withMessage("target '" + text + "' is not understood; expected " + SUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({
        "xds:///host, xds",
        "http://host:80, http",
        "ipv4:/127.0.0.1, ipv4",
        "ETCD://a/b, etcd",
        "static://host:80, static",
        "xds:service, xds",
        "xds:, xds",
        "xds:service:80, xds",
        "ipv4:10.0.0.1:80, ipv4",
        "IPV6:[::1]:80, ipv6",
        "vsock:1:2, vsock",
        "google-c2p:service, google-c2p",
    })
    void aSchemeThatIsNotSupportedIsRefusedWithThoseThatAre(String text, String scheme) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.parse(text))
                .withMessage("target '" + text + "' has the scheme '" + scheme + "', which is not supported; expected "
                        + SUPPORTED);
    }

    /** naming.md: {@code unix:path}, relative or absolute, and {@code unix://absolute_path}. */
    @ParameterizedTest
    @CsvSource({
        "unix:/run/x.sock, /run/x.sock",
        "unix:x.sock, x.sock",
        "unix:./a/x.sock, ./a/x.sock",
        "unix:///run/x.sock, /run/x.sock",
        "UNIX:/run/x.sock, /run/x.sock",
        "unix:/run/a%20b+c.sock, /run/a b+c.sock",
    })
    void theTargetOfAUnixSocketIsItsPath(String text, String path) {
        assertThat(Target.parse(text)).isEqualTo(new Target.Unix(path));
        assertThat(Target.parse(text).authority()).isEqualTo("localhost");
        assertThat(Target.parse(text)).hasToString("unix:" + path);
    }

    @Test
    void theTargetOfAnAbstractUnixSocketIsItsName() {
        assertThat(Target.parse("unix-abstract:a/b")).isEqualTo(new Target.UnixAbstract("a/b"));
        assertThat(Target.parse("unix-abstract:a").authority()).isEqualTo("localhost");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unix: | target 'unix:' has no path; expected unix:path",
                "unix-abstract: | target 'unix-abstract:' has no name; expected unix-abstract:name",
                "unix://run/x.sock | target 'unix://run/x.sock' has no absolute path behind unix://;"
                        + " expected unix:///absolute/path, or unix:path for a relative one",
                "unix:/a%zz | target 'unix:/a%zz' has a '%' that starts no escape; a percent sign is written %25",
                "unix-abstract:a%00b | the name of an abstract unix socket has a zero byte at index 1 (expected: none)",
            })
    void anIncompleteUnixTargetIsRefused(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.parse(text))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:0", "host:65536", "host:99999"})
    void aPortOutOfRangeIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.parse(text))
                .withMessage("port: " + text.substring(5) + " (expected: 1 to 65535)");
    }

    @Test
    void aDnsServerOfItsOwnIsNotSupported() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.parse("dns://8.8.8.8/host:80"))
                .withMessage("target 'dns://8.8.8.8/host:80' names a DNS server ('8.8.8.8'), which is not supported;"
                        + " write dns:///host:port");
    }

    @Test
    void theAuthorityPutsBracketsAroundAnIpv6Address() {
        assertThat(Target.parse("[::1]:80").authority()).isEqualTo("[::1]:80");
        assertThat(Target.parse("host:80").authority()).isEqualTo("host:80");
        assertThat(Target.parse("host")).hasToString("host:443");
    }

    @Test
    void aNameOfThisProcessIsATargetToo() {
        Target target = Target.parse("inprocess:greeter");

        assertThat(target).isEqualTo(new Target.InProcess(new InProcessAddress("greeter")));
        assertThat(target.authority()).isEqualTo("greeter");
        assertThat(target).hasToString("inprocess:greeter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run/a%2541", "/run/a%0A", "/run/a%20", "/run/%E2%80%A8b", "//run/a", "a%19"})
    void aPathIsWrittenAsItIsRead(String path) {
        Target target = Target.parse("unix:" + (path.startsWith("//") ? "//" : "") + path);

        assertThat(Target.parse(target.toString())).isEqualTo(target);
    }

    @Test
    void anAbstractNameIsWrittenAsItIsRead() {
        Target target = Target.parse("unix-abstract:100%25%20");

        assertThat(target).hasToString("unix-abstract:100%25%20");
        assertThat(Target.parse(target.toString())).isEqualTo(target);
    }
}
