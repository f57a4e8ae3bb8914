package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An integration platform runs many Camel contexts in one JVM. */
class SeveralContextsTest {
    /** Camel hands the context to a bean through an expression that all contexts of the JVM share. */
    public static final class Neighbour {
        private final AtomicLong calls = new AtomicLong();

        /** Asks for the context. */
        public void call(CamelContext context) {
            calls.incrementAndGet();
        }
    }

    @Tag("long")
    @Test
    void aContextBesideItIsNeverTakenForItsOwn() throws Exception {
        Neighbour neighbour = new Neighbour();
        Main other = new Main();
        other.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").bean(neighbour, "call");
            }
        });
        other.start();
        ProducerTemplate template = other.getCamelTemplate();
        Thread calling = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                template.sendBody("direct:call", "");
            }
        });
        calling.start();
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            bundle.set("sequin.batch-size", "1")
                    .offer(Things.things(1_000))
                    .start()
                    .awaitDrained();
            assertEquals(
                    List.of(),
                    bundle.database().rows("select reason, error, count(*) from sequin.dead_letters group by 1, 2"));
            assertEquals("1000", bundle.database().value(Things.COUNT));
        } finally {
            calling.interrupt();
            calling.join();
            other.stop();
        }
        assertTrue(neighbour.calls.get() > 1_000);
    }
}
