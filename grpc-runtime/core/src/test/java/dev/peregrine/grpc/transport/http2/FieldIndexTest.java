// SPDX-License-Identifier: Apache-2.0
package dev.peregrine.grpc.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;

class FieldIndexTest {

    private final FieldIndex index = new FieldIndex();

    @Test
    void aFieldIsFoundAsStringsAndAsAsciiStringsWhicheverWayItWasEntered() {
        index.put("a", "b", 7);
        index.put(new AsciiString("c"), new AsciiString("d"), 8);

        assertThat(index.find("a", "b")).isEqualTo(7);
        assertThat(index.find(new AsciiString("a"), new AsciiString("b"))).isEqualTo(7);
        assertThat(index.find(new String("c"), new String("d"))).isEqualTo(8);
        assertThat(index.find(new AsciiString("c"), new AsciiString("d"))).isEqualTo(8);
    }

    @Test
    void aNameIsToldFromAFieldWithAnEmptyValue() {
        index.putName("a", 1);
        assertThat(index.find("a", "")).isEqualTo(FieldIndex.UNKNOWN);
        assertThat(index.findName("a")).isEqualTo(1);

        index.put("a", "", 2);
        assertThat(index.find("a", "")).isEqualTo(2);
        assertThat(index.findName("a")).isEqualTo(1);
        assertThat(index.findName(new AsciiString("a"))).isEqualTo(1);
    }

    @Test
    void caseMatters() {
        index.put("a", "b", 1);

        assertThat(index.find(new AsciiString("a"), new AsciiString("B"))).isEqualTo(FieldIndex.UNKNOWN);
        assertThat(index.find("A", "b")).isEqualTo(FieldIndex.UNKNOWN);
    }

    @Test
    void theFirstNumberStays() {
        index.put("a", "b", 1);
        index.put("a", "b", 2);

        assertThat(index.find("a", "b")).isEqualTo(1);
    }

    @Test
    void itGrowsAndForgetsNothingUntilItIsCleared() {
        for (int i = 0; i < 500; i++) {
            index.put("name" + i, "value" + i % 7, i);
        }
        for (int i = 0; i < 500; i++) {
            assertThat(index.find("name" + i, "value" + i % 7)).isEqualTo(i);
            assertThat(index.find(new AsciiString("name" + i), new AsciiString("value" + i % 7)))
                    .isEqualTo(i);
        }

        index.clear();
        for (int i = 0; i < 500; i++) {
            assertThat(index.find("name" + i, "value" + i % 7)).isEqualTo(FieldIndex.UNKNOWN);
        }
        index.put("again", "", 3);
        assertThat(index.find("again", "")).isEqualTo(3);
    }
}
