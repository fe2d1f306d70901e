// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcService;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** Mocks in the place of clients, as tests of applications put them there. */
class MockedClientTests {

    @Nested
    @SpringBootTest(classes = Application.class)
    class OfAClientThatIsNoBean {

        @MockitoBean
        private Greeter.Client mock;

        @Autowired
        private Caller caller;

        @GrpcClient("greeter")
        private Greeter.Client injectedIntoTheTest;

        @Test
        void isWhatGrpcClientInjects() {
            when(mock.sayHello(any())).thenReturn(HelloService.reply("mocked"));
            assertThat(caller.call()).isEqualTo("mocked");
            assertThat(injectedIntoTheTest).isSameAs(mock);
        }
    }

    @Nested
    @MockitoBean(types = Greeter.Client.class)
    @SpringBootTest(classes = Application.class)
    class DeclaredOnTheTest {

        @Autowired
        private Greeter.Client mock;

        @Autowired
        private Caller caller;

        @Test
        void isWhatGrpcClientInjects() {
            when(mock.sayHello(any())).thenReturn(HelloService.reply("mocked"));
            assertThat(caller.call()).isEqualTo("mocked");
        }
    }

    @Nested
    @SpringBootTest(
            classes = {Application.class, OtherCaller.class},
            properties = "grpc.client.other.target=localhost:1")
    class WithTheNameOfAClient {

        @MockitoBean("greeter")
        private Greeter.Client mock;

        @Autowired
        private Caller caller;

        @Autowired
        private OtherCaller other;

        @Test
        void replacesThatClientAndNoOther() {
            assertThat(caller.greeter).isSameAs(mock);
            assertThat(other.greeter).isNotSameAs(mock);
        }
    }

    @Nested
    @SpringBootTest(classes = {Application.class, Registered.class})
    class OfARegisteredClient {

        @MockitoBean
        private Greeter.Client mock;

        @Autowired
        private Caller caller;

        @Test
        void isWhatGrpcClientInjects() {
            assertThat(caller.greeter).isSameAs(mock);
        }
    }

    @Nested
    @SpringBootTest(
            classes = {Server.class, Registered.class, Service.class},
            properties = {
                "grpc.server.address=127.0.0.1",
                "grpc.server.port=0",
                "grpc.client.greeter.target=127.0.0.1:${local.grpc.server.port}"
            })
    class AsASpy {

        @MockitoSpyBean
        private Greeter.Client spy;

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @Test
        void callsTheServerAndHearsOfTheCall() {
            assertThat(greeter.sayHello(HelloService.request("you")).getMessage())
                    .isEqualTo("Hello you");
            verify(spy).sayHello(HelloService.request("you"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Caller.class)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Server {}

    @Configuration(proxyBeanMethods = false)
    @ImportGrpcClients(Greeter.Client.class)
    static class Registered {}

    @GrpcService
    static class Service extends HelloService {}

    static class Caller {

        private final Greeter.Client greeter;

        Caller(@GrpcClient("greeter") Greeter.Client greeter) {
            this.greeter = greeter;
        }

        String call() {
            return greeter.sayHello(HelloService.request("you")).getMessage();
        }
    }

    static class OtherCaller {
        @GrpcClient("other")
        private Greeter.Client greeter;
    }
}
