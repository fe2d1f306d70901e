// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.peregrine.grpc.naming.Target;
import dev.peregrine.grpc.transport.HttpProxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which proxy the environment names. */
class ProxyEnvironmentTest {

    private static final HttpProxy PROXY = HttpProxy.of("proxy.example", 3128);

    @Test
    void withoutAVariableThereIsNoProxy() {
        assertThat(proxy("api.example:443", Map.of())).isNull();
        assertThat(proxy("api.example:443", Map.of("https_proxy", " "))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc_proxy", "GRPC_PROXY", "https_proxy", "HTTPS_PROXY", "http_proxy"})
    void theVariablesOfOtherProgramsAreRead(String variable) {
        assertThat(proxy("api.example:443", Map.of(variable, "http://proxy.example:3128")))
                .isEqualTo(PROXY);
    }

    /** A CGI server takes this one from the header "Proxy" of a request. */
    @Test
    void theVariableThatStrangersCanSetIsNotRead() {
        assertThat(proxy("api.example:443", Map.of("HTTP_PROXY", "http://proxy.example:3128")))
                .isNull();
    }

    @Test
    void theMoreParticularVariableCounts() {
        assertThat(proxy(
                        "api.example:443",
                        Map.of("grpc_proxy", "http://proxy.example:3128", "https_proxy", "http://other:1")))
                .isEqualTo(PROXY);
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128, proxy.example, 3128,,",
        "http://proxy.example:3128/, proxy.example, 3128,,",
        "proxy.example:3128, proxy.example, 3128,,",
        "http://proxy.example, proxy.example, 443,,",
        "http://[2001:db8::1]:3128, 2001:db8::1, 3128,,",
        "http://me:secret@proxy.example:3128, proxy.example, 3128, me, secret",
        "http://me:a%40b%3Ac+d@proxy.example:3128, proxy.example, 3128, me, a@b:c+d",
        "http://me@proxy.example:3128, proxy.example, 3128, me, ''",
    })
    void aVariableIsAnAddressPerhapsWithCredentials(String text, String host, int port, String user, String password) {
        assertThat(proxy("api.example:443", Map.of("https_proxy", text)))
                .isEqualTo(new HttpProxy(host, port, user, password));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://proxy:1", "socks5://proxy:1", "http://", "http://me:s3cret@pro xy:1", "http:///x"})
    void aVariableThatIsNotUnderstoodIsNamedWithoutItsText(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy("api.example:443", Map.of("https_proxy", text)))
                .withMessage("the environment variable https_proxy is not understood; expected http://host:port or"
                        + " http://user:password@host:port")
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:80", "a.localhost:80", "127.0.0.1:80", "127.1.2.3:80", "[::1]:80", "unix:/run/x.sock"
            })
    void thisMachineIsNeverBehindAProxy(String target) {
        assertThat(proxy(target, Map.of("https_proxy", "http://proxy.example:3128")))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api.example:443  | *",
                "api.example:443  | api.example",
                "API.example:443  | api.EXAMPLE",
                "a.b.example:443  | example",
                "a.b.example:443  | .example",
                "a.b.example:443  | *.b.example",
                "api.example:443  | other, api.example",
                "api.example:443  | api.example:443",
                "10.1.2.3:443     | 10.1.2.3",
                "10.1.2.3:443     | 10.0.0.0/8",
                "10.1.2.3:443     | 10.1.2.0/23",
                "10.1.2.3:443     | 0.0.0.0/0",
                "[2001:db8::1]:443 | 2001:db8::1",
                "[2001:db8::1]:443 | [2001:db8:0::1]",
                "[2001:db8::1]:443 | [2001:db8::1]:443",
                "[2001:db8::1]:443 | 2001:db8::/32",
            })
    void anExceptionIsReachedStraight(String target, String exceptions) {
        assertThat(proxy(target, Map.of("https_proxy", "http://proxy.example:3128", "no_proxy", exceptions)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api.example:443  | pi.example",
                "api.example:443  | api.example:80",
                "api.example:443  | api",
                "api.example:443  | , ,",
                "10.1.2.3:443     | 10.1.2.4",
                "10.1.2.3:443     | 10.1.2.0/31",
                "10.1.2.3:443     | 2001:db8::/32",
                "10.1.2.3:443     | 10.0.0.0/33",
                "10.1.2.3:443     | 10.0.0.0/x",
                "api.example:443  | 0.0.0.0/0",
                "[2001:db8::1]:443 | 2001:db9::/32",
            })
    void whatIsNoExceptionIsNot(String target, String exceptions) {
        assertThat(proxy(target, Map.of("https_proxy", "http://proxy.example:3128", "no_proxy", exceptions)))
                .isEqualTo(PROXY);
    }

    @Test
    void theTextOfAProxyHasNoCredentials() {
        HttpProxy proxy = PROXY.withCredentials("me", "s3cret");

        assertThat(proxy).hasToString("proxy.example:3128");
        assertThat(HttpProxy.of("::1", 1)).hasToString("[::1]:1");
    }

    @Test
    void aProxyThatCannotBeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpProxy.of("p", 0))
                .withMessage("port: 0 (expected: 1 to 65535)");
        assertThatIllegalArgumentException().isThrownBy(() -> HttpProxy.of(" ", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> PROXY.withCredentials("a:b", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpProxy("p", 1, "user", null));
    }

    private static HttpProxy proxy(String target, Map<String, String> variables) {
        return new ProxyEnvironment(variables).proxyFor(Target.parse(target));
    }
}
