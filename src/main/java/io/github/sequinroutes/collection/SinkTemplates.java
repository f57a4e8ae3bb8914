package io.github.sequinroutes.collection;

import io.github.sequinroutes.template.Template;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a route of a collection writes with, as its file says.
 *
 * @param collection the ID of the collection, or null if the route is for none
 * @param upsert the upsert template
 * @param delete the delete template, or null if the upsert template marks deletions
 * @param ledger whether the bundle keeps old versions out by its ledger, rather than the template by its guard
 * @param hasSteps whether the route has steps of its own, which may add fields to the records
 */
public record SinkTemplates(String collection, Template upsert, Template delete, boolean ledger, boolean hasSteps) {
    /** Its templates, the upsert template first. */
    public List<Template> all() {
        return delete == null ? List.of(upsert) : Stream.of(upsert, delete).toList();
    }
}
