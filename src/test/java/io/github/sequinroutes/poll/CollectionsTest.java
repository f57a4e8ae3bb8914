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
import org.apache.camel.impl.DefaultCamelContext;
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
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:test:a").routeGroup("collection").stop();
                }
            });
            context.start();
            Exchange exchange = new DefaultExchange(context);
            assertFalse(collections.isUnknown(group("test:a"), exchange));
            assertTrue(collections.isUnknown(group("test:b"), exchange));
            context.stop();
            assertThrows(IllegalStateException.class, () -> collections.isUnknown(group("test:a"), exchange));
        }
    }
}
