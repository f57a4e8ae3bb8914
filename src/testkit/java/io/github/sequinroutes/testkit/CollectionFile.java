package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a collection, as a user would write them. */
public final class CollectionFile {
    private CollectionFile() {}

    /** Writes a route and its template into a folder of routes; the files are named after the collection's ID. */
    public static void write(Path routes, String id, String upsert) throws IOException {
        String name = id.replace("*", "any").replaceAll("[^a-z0-9]", "-");
        Path folder = Files.createDirectories(routes.resolve("collections"));
        Files.writeString(folder.resolve(name + ".upsert.sql"), upsert);
        Files.writeString(folder.resolve(name + ".camel.yaml"), """
                - templatedRoute:
                    routeTemplateRef: collection
                    routeId: %1$s
                    parameters:
                      - name: collection
                        value: "%2$s"
                      - name: upsert
                        value: %1$s.upsert.sql
                """.formatted(name, id));
    }
}
