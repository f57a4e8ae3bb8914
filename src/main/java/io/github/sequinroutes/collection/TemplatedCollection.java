package io.github.sequinroutes.collection;

import io.github.sequinroutes.template.Template;

/**
 * A collection whose route writes each record as it comes, as its files say it.
 *
 * @param id       the collection ID, or {@code *}
 * @param place    where its file says so, as {@code file:line:column}
 * @param upsert   the upsert template
 * @param delete   the delete template, or null
 */
public record TemplatedCollection(String id, String place, Template upsert, Template delete) {}
