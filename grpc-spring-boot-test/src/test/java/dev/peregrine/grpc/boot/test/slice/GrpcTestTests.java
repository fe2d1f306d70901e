// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.boot.test.slice;

import static dev.peregrine.grpc.boot.fixture.Calls.sayHello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.when;

import dev.peregrine.grpc.CallContext;
import dev.peregrine.grpc.StatusCode;
import dev.peregrine.grpc.StatusException;
import dev.peregrine.grpc.boot.client.GrpcClient;
import dev.peregrine.grpc.boot.fixture.Greeter;
import dev.peregrine.grpc.boot.server.GrpcServers;
import dev.peregrine.grpc.boot.test.GrpcTest;
import dev.peregrine.grpc.interceptor.CallCredentials;
import jakarta.validation.Validator;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

class GrpcTestTests {

    @Nested
    @GrpcTest(SlicedComponents.GreeterService.class)
    class OfOneService {

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @MockitoBean
        private SlicedComponents.Greetings greetings;

        @Autowired
        private ApplicationContext context;

        @Autowired
        private GrpcServers servers;

        @Test
        void isCalledWithWhatTheTestBrings() {
            when(greetings.greetingOf("you")).thenReturn("mocked you");
            assertThat(sayHello(greeter, "you")).isEqualTo("mocked you");
        }

        @Test
        void leavesOutOtherServicesAndComponents() {
            assertThat(context.getBeanNamesForType(SlicedComponents.PartingService.class))
                    .isEmpty();
            assertThat(context.getBeanNamesForType(SlicedComponents.ExpensiveGreetings.class))
                    .isEmpty();
            assertThat(servers.server("default").services()).hasSize(1);
        }
    }

    /** They name services that are left out, and components that are not services. */
    @Nested
    @GrpcTest(
            value = SlicedComponents.GreeterService.class,
            properties = {
                "grpc.server.methods[0].match=fixture.Parting/SayGoodbye",
                "grpc.server.methods[0].max-deadline=10s",
                "grpc.server.interceptors=counting",
                "grpc.server.encodings=gzip,plain",
                "grpc.client.greeter.interceptors=passing"
            })
    class WithThePropertiesOfTheApplication {

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @MockitoBean
        private SlicedComponents.Greetings greetings;

        @Autowired
        private SlicedComponents.Counting counting;

        @Test
        void startsAndServes() {
            when(greetings.greetingOf("you")).thenReturn("mocked you");
            assertThat(sayHello(greeter, "you")).isEqualTo("mocked you");
            assertThat(counting.methods).hasPositiveValue();
        }

        @Test
        void hasTheTranslatorsOfTheApplication() {
            when(greetings.greetingOf("nobody")).thenThrow(new NoSuchElementException("nobody"));
            assertThatExceptionOfType(StatusException.class)
                    .isThrownBy(() -> sayHello(greeter, "nobody"))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(StatusCode.NOT_FOUND));
        }
    }

    @Nested
    @GrpcTest(
            value = SlicedComponents.GreeterService.class,
            properties = {
                "grpc.client.greeter.credentials.bearer.token=secret",
                "grpc.client.registered.credentials.oauth2.registration-id=greeting"
            })
    class WithTheCredentialsOfTheApplication {

        @GrpcClient("greeter")
        private Greeter.Client greeter;

        @GrpcClient("registered")
        private Greeter.Client registered;

        @MockitoBean
        private SlicedComponents.Greetings greetings;

        @BeforeEach
        void answerWithThem() {
            when(greetings.greetingOf("you"))
                    .thenAnswer(call -> "credentials: "
                            + CallContext.current().requestMetadata().get(CallCredentials.AUTHORIZATION));
        }

        @Test
        void sendsThem() {
            assertThat(sayHello(greeter, "you")).isEqualTo("credentials: Bearer secret");
        }

        @Test
        void callsWithoutTokensThatNobodyGivesOut() {
            assertThat(sayHello(registered, "you")).isEqualTo("credentials: null");
        }
    }

    @Nested
    @GrpcTest(SlicedComponents.PartingService.class)
    class WithTheRulesOfTheApplication {

        @Autowired
        private ApplicationContext context;

        @Test
        void checksRequestsByThoseOfJakartaValidation() {
            assertThat(context.getBeanNamesForType(Validator.class)).isNotEmpty();
            assertThat(context.containsBean("grpcJakartaValidationInterceptor")).isTrue();
        }
    }

    @Nested
    @GrpcTest(properties = "spring.application.name=sliced")
    class OfAllServices {

        @MockitoBean
        private SlicedComponents.Greetings greetings;

        @Autowired
        private ApplicationContext context;

        @Test
        void takesInEveryService() {
            assertThat(context.getBeanNamesForType(SlicedComponents.PartingService.class))
                    .hasSize(1);
            assertThat(context.getBeanNamesForType(SlicedComponents.GreeterService.class))
                    .hasSize(1);
        }

        @Test
        void hasTheProperties() {
            assertThat(context.getEnvironment().getProperty("spring.application.name"))
                    .isEqualTo("sliced");
        }
    }
}
