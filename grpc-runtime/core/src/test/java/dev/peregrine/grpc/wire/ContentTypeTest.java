// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc",
                "application/grpc+proto",
                "application/grpc+json",
                "application/grpc+x.y",
                "application/grpc;charset=utf-8",
                "application/grpc+proto; v=1",
                "application/grpc ; a=b",
                "APPLICATION/GRPC",
                "Application/Grpc+Proto"
            })
    void grpcInEveryFormatAndWithParametersIsGrpc(String value) {
        assertThat(ContentType.isGrpc(value)).isTrue();
        assertThat(ContentType.isGrpc(new AsciiString(value))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "application/grp",
                "application/grpcfoo",
                "application/grpc-web",
                "application/grpc-web+proto",
                "application/grpc-web-text",
                "application/grpc/x",
                "application/grpc x",
                "application/json",
                "text/plain",
                " application/grpc",
                "xapplication/grpc"
            })
    void everythingElseIsNot(String value) {
        assertThat(ContentType.isGrpc(value)).isFalse();
        assertThat(ContentType.isGrpc(new AsciiString(value))).isFalse();
    }

    @Test
    void noContentTypeIsNotGrpc() {
        assertThat(ContentType.isGrpc(null)).isFalse();
    }

    @Test
    void whatWeSendIsGrpc() {
        assertThat(ContentType.isGrpc(ContentType.GRPC)).isTrue();
        assertThat(ContentType.GRPC.toString()).isEqualTo("application/grpc");
    }
}
