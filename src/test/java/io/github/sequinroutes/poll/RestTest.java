package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** docs/promises.md 67: empty answers at once cost little time at first, and few requests for as long as they come. */
class RestTest {
    private final Rest rest = new Rest();

    private List<Long> next(int count) {
        return LongStream.generate(rest::nextMillis).limit(count).boxed().toList();
    }

    @Test
    void itGrowsFromATwentiethOfASecondToASecond() {
        assertEquals(List.of(50L, 100L, 200L, 400L, 800L, 1_000L, 1_000L), next(7));
    }

    @Test
    void afterAMessageItBeginsAnew() {
        next(7);
        rest.reset();
        assertEquals(List.of(50L, 100L), next(2));
    }
}
