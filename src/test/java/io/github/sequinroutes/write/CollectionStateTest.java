package io.github.sequinroutes.write;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectionStateTest {
    /** Other messages of the same route are written in between: they say nothing of those that it forgets. */
    @Test
    void aForgetfulRouteIsPausedLongerEachTime() {
        CollectionState state = new CollectionState("test:thing", 30_000, new CollectionCounters("test:thing"));
        for (int i = 0; i < 8; i++) {
            state.pauseForgetful("forgetful");
            state.resume();
            assertFalse(state.isWaiting());
        }
        state.pauseForgetful("forgetful");
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(4)).until(state::isWaiting);
        state.tryNow(); // its file has changed
        state.pauseForgetful("forgetful");
        await().atMost(Duration.ofSeconds(2)).until(() -> !state.isWaiting());
    }
}
