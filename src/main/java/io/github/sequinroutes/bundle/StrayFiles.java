package io.github.sequinroutes.bundle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Files of the folder that look as if they were for a collection, and are for none. */
final class StrayFiles {
    /** What nobody takes for a route: notes, and what editors leave behind. */
    private static final Pattern NOTES = Pattern.compile("^readme|\\.md$|~$|\\.(bak|orig|swp|tmp)$");

    private StrayFiles() {}

    /** A warning for each, by name. */
    static List<String> warnings(CollectionFolder folder, Collection<String> names, Collection<CollectionFile> files) {
        List<String> warnings = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        for (CollectionFile file : files) {
            named.addAll(file.sqlFiles());
            // one that cannot be parsed may name them all the same
            text.append(file.text());
        }
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (CollectionFiles.isRouteFile(name) || NOTES.matcher(lower).find()) {
                continue;
            }
            if (name.endsWith("/")) {
                warnings.add(folder.location(name)
                        + ":1:1: is a folder, and nothing in it is loaded; move its files out of it");
            } else if (!lower.endsWith(".sql")) {
                String base = lower.replaceAll("(\\.camel)?(\\.(ya?ml|txt|json|xml).*)?$", "");
                warnings.add(folder.location(name) + ":1:1: is not loaded, because its name does not end in "
                        + CollectionFiles.ENDING + "; rename it to " + name.substring(0, base.length())
                        + CollectionFiles.ENDING);
            } else if (!named.contains(name) && text.indexOf(name) < 0) {
                warnings.add(folder.location(name) + ":1:1: is not used, because no route names it");
            }
        }
        return warnings;
    }
}
