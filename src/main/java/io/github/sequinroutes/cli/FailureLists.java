package io.github.sequinroutes.cli;

import io.github.sequinroutes.cli.KeyNames.Doubt;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Key;
import io.github.sequinroutes.config.Keys;
import java.util.ArrayList;
import java.util.List;

/** The lists of SQLSTATEs, each of which takes the place of its default, and does not add to it. */
final class FailureLists {
    private static final List<Key<List<String>>> LISTS = List.of(Keys.RETRY, Keys.STOP, Keys.REJECT);

    private FailureLists() {}

    /** What is in no list any more because one was given: a line for each. */
    static List<Doubt> doubts(List<ConfiguredBundle> bundles) {
        List<Doubt> doubts = new ArrayList<>();
        for (ConfiguredBundle bundle : bundles) {
            for (Key<List<String>> list : List.of(Keys.RETRY, Keys.REJECT)) { // what is in none stops a collection
                List<String> gone = list.defaultValue().stream()
                        .filter(state -> LISTS.stream()
                                .noneMatch(one -> bundle.config().get(one).contains(state)))
                        .toList();
                String key = bundle.key("sequin." + list.name());
                if (!gone.isEmpty()) {
                    doubts.add(new Doubt(
                            key,
                            "%s takes the place of its default, of which %s are in no list now, and stop a collection; add them, or"
                                            .formatted(key, String.join(", ", gone))
                                    + " write them into sequin.failures.stop",
                            false));
                }
            }
        }
        return doubts;
    }
}
