package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a group that have left their key: each is deleted under its old key, as a message of its own that stands for
 * no delivery. The change that moved the row is settled only when that is. Used by one thread.
 */
final class Departures {
    private final Map<Message, Message> byChange = new LinkedHashMap<>();

    /** Those of changes in a table. */
    static Departures of(List<Message> changes, Table table) {
        Departures departures = new Departures();
        for (Message change : changes) {
            Message departure = table.templates().departure(change);
            if (departure != null) {
                departures.byChange.put(change, departure);
            }
        }
        return departures;
    }

    /** The changes, and the deletions of the rows that have left. */
    List<Message> with(List<Message> changes) {
        List<Message> all = new ArrayList<>(changes);
        all.addAll(byChange.values());
        return all;
    }

    /** A change and, if its row has left a key, the deletion of that. */
    List<Message> with(Message change) {
        Message departure = byChange.get(change);
        return departure == null ? List.of(change) : Group.newest(List.of(change, departure));
    }

    /** Takes back what has become of changes whose rows could not be deleted under their old keys; returns those left unacked. */
    List<Message> settle() {
        List<Message> left = new ArrayList<>();
        byChange.forEach((change, departure) -> {
            if (!departure.outcome().isDurable() && change.outcome().isDurable()) {
                if (departure.rejection() == null) {
                    change.settle(Outcome.LEFT_UNACKED);
                    left.add(change);
                } else {
                    change.reject(departure.rejection());
                }
            }
        });
        return left;
    }
}
