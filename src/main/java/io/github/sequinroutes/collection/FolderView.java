package io.github.sequinroutes.collection;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be known of the folder from other threads: does not change.
 *
 * @param broken   the files that do not run, each with its problem, by name
 * @param waiting     the IDs of the collections whose messages are left unacked
 * @param anyWaiting  whether those of every collection without a route are, too
 * @param files    the files of each collection
 * @param warnings about files that are not used
 */
record FolderView(
        List<CollectionFile> broken,
        Set<String> waiting,
        boolean anyWaiting,
        Map<String, Set<Path>> files,
        Set<String> warnings) {
    static final FolderView EMPTY = new FolderView(List.of(), Set.of(), false, Map.of(), Set.of());

    /** Of a folder that cannot be read: any collection may have a file there. */
    static FolderView unreadable(String problem) {
        CollectionFile any = new CollectionFile(
                "collections", "", "", List.of(), Set.of(), false, List.of(PlacedText.read(problem, "collections")));
        return new FolderView(List.of(any), Set.of(), true, Map.of(), Set.of());
    }
}
