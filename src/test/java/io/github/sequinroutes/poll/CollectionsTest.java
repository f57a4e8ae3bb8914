package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.read.Batch;
import io.github.sequinroutes.read.Group;
import io.github.sequinroutes.read.Lease;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class CollectionsTest {
    private static Group group(String collection) {
        String message = "{\"record\": {\"id\": \"a\", \"collection_id\": \"" + collection + "\"}}";
        return Batch.of(List.of(message), new Lease(1_000)).getGroups().get(0);
    }

    @Test
    void aCollectionIsNeverUnknownBecauseTheRoutesAreStopped() throws Exception {
        Collections collections = new Collections();
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
            assertFalse(collections.isUnknown(group("test:a"), exchange));
            assertTrue(collections.isUnknown(group("test:b"), exchange));
            main.getCamelContext().stop();
            assertThrows(IllegalStateException.class, () -> collections.isUnknown(group("test:a"), exchange));
        } finally {
            main.stop();
        }
    }
}
