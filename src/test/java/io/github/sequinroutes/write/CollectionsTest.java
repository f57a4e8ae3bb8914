package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.Batches;
import io.github.sequinroutes.sequin.SequinApi;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class CollectionsTest {
    private static Batch batch(String... collections) {
        return Batches.of(
                Stream.of(collections)
                        .map(id -> "{\"record\": {\"id\": \"a\", \"collection_id\": \"" + id + "\"}}")
                        .toList(),
                new Lease(1_000),
                SequinApi.of("consume").format());
    }

    /** A context with an empty route for each of these collections. */
    private static Main started(String... collections) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                for (String id : collections) {
                    from("direct:" + id)
                            .routeId(id)
                            .routeGroup("sequin-collection")
                            .stop();
                }
            }
        });
        main.start();
        return main;
    }

    @Test
    void aCollectionIsNeverUnknownBecauseTheRoutesAreStopped() throws Exception {
        Collections collections = new Collections(new CollectionFiles("sequin", false), 1_000, Set.of());
        Dispatch dispatch = new Dispatch(collections, null, null, () -> null);
        Main main = started("test:a");
        try {
            Exchange exchange = new DefaultExchange(main.getCamelContext());
            Batch known = batch("test:a");
            dispatch.sortOut(known, exchange);
            assertNull(known.messages().get(0).rejection());
            Batch unknown = batch("test:b");
            dispatch.sortOut(unknown, exchange);
            assertEquals(
                    "unknown-collection", unknown.messages().get(0).rejection().reason());
            main.getCamelContext().stop();
            assertThrows(IllegalStateException.class, () -> dispatch.sortOut(batch("test:a"), exchange));
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
        assertTrue(unknown.lately().contains("any:999"));
    }

    @Test
    void aCollectionInTroubleIsWrittenLast() throws Exception {
        Collections collections = new Collections(new CollectionFiles("sequin", false), 1_000, Set.of());
        Dispatch dispatch = new Dispatch(collections, null, null, () -> null);
        Main main = started("test:a", "test:b", "test:c");
        try {
            Exchange exchange = new DefaultExchange(main.getCamelContext());
            Batch batch = batch("test:a", "test:b", "test:c");
            dispatch.sortOut(batch, exchange);
            assertEquals(List.of("test:a", "test:b", "test:c"), routes(dispatch.groups(batch, exchange)));
            collections.state(dispatch.groups(batch, exchange).get(0)).failed(1);
            assertEquals(List.of("test:b", "test:c", "test:a"), routes(dispatch.groups(batch, exchange)));
        } finally {
            main.stop();
        }
    }

    private static List<String> routes(List<Group> groups) {
        return groups.stream().map(Group::route).toList();
    }
}
