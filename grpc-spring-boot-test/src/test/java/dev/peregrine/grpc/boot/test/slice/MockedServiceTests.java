// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.slice;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.fixture.HelloService;
import dev.peregrine.grpc.boot.server.GrpcService;
import dev.peregrine.grpc.boot.test.GrpcTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** A mock in the place of a service is served. */
class MockedServiceTests {

    @Nested
    @GrpcTest(SlicedComponents.GreeterService.class)
    class OfAClass {

        @MockitoBean
        private SlicedComponents.GreeterService service;

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @Test
        void answersWhatItIsTold() {
            when(service.sayHello(any())).thenReturn(HelloService.reply("mocked"));
            assertThat(sayHello(greeter, "you")).isEqualTo("mocked");
            verify(service).sayHello(HelloService.request("you"));
        }

        @Test
        void failsAsItIsTold() {
            when(service.sayHello(any())).thenThrow(new StatusException(StatusCode.NOT_FOUND, "nobody"));
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> sayHello(greeter, "you"))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.NOT_FOUND));
        }
    }

    @Nested
    @GrpcTest(SlicedComponents.PartingService.class)
    class OfAnInterface {

        @Autowired
        private Greeter.Service service;

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @Test
        void answersWhatItIsTold() {
            when(service.sayHello(any())).thenReturn(HelloService.reply("mocked"));
            assertThat(sayHello(greeter, "you")).isEqualTo("mocked");
        }

        @TestConfiguration(proxyBeanMethods = false)
        static class Mocks {

            @Bean
            @GrpcService
            Greeter.Service greeterService() {
                return mock(Greeter.Service.class);
            }
        }
    }
}
