package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.bundle.CollectionFiles;
import io.github.sequinroutes.read.Batch;
import io.github.sequinroutes.read.Lease;
import io.github.sequinroutes.read.Message;
import io.github.sequinroutes.read.Outcome;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class CollectionsTest {
    private static Batch batch(String collection) {
        String message = "{\"record\": {\"id\": \"a\", \"collection_id\": \"" + collection + "\"}}";
        return Batch.of(List.of(message), new Lease(1_000));
    }

    @Test
    void aCollectionIsNeverUnknownBecauseTheRoutesAreStopped() throws Exception {
        Collections collections = new Collections(null, new CollectionFiles(false), 1_000, Set.of());
        Main main = new Main();
        try {
            main.configure().addRoutesBuilder(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:test:a").routeGroup("collection").stop();
                }
            });
            main.start();
            Exchange exchange = new DefaultExchange(main.getCamelContext());
            Batch known = batch("test:a");
            collections.sortOut(known, exchange);
            assertNull(known.messages().get(0).rejection());
            Batch unknown = batch("test:b");
            collections.sortOut(unknown, exchange);
            assertEquals(
                    "unknown-collection", unknown.messages().get(0).rejection().reason());
            main.getCamelContext().stop();
            assertThrows(IllegalStateException.class, () -> collections.sortOut(batch("test:a"), exchange));
        } finally {
            main.stop();
        }
    }

    @Test
    void ofManyUnknownCollectionsOnlyTheLatestAreKept() {
        UnknownCollections unknown = new UnknownCollections();
        for (int i = 0; i < 20_000; i++) {
            Message message = batch("any:" + i / 20).messages().get(0);
            message.settle(Outcome.DEAD_LETTERED);
            unknown.count(message);
        }
        assertEquals(100, unknown.lately().size());
        assertTrue(unknown.lately().containsKey("any:999"));
    }
}
