package io.github.sequinroutes.sandbox;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;

/** The faults that wait for requests to come: each request meets the first that is meant for its kind. Thread-safe. */
public final class Faults {
    private static final class Injected {
        final Fault fault;
        final Set<RequestKind> kinds = EnumSet.noneOf(RequestKind.class);
        int left;

        Injected(int times, Fault fault, RequestKind[] kinds) {
            this.fault = fault;
            this.left = times;
            this.kinds.addAll(Arrays.asList(kinds.length == 0 ? RequestKind.values() : kinds));
        }
    }

    private final Deque<Injected> injected = new ArrayDeque<>();

    /** No faults yet. */
    public Faults() {}

    /** The next {@code times} requests of these kinds, of all kinds if none is given, meet this fault. */
    public synchronized void next(int times, Fault fault, RequestKind... kinds) {
        injected.add(new Injected(times, fault, kinds));
    }

    /** All requests of these kinds, of all kinds if none is given, meet this fault until {@link #clear}. */
    public void always(Fault fault, RequestKind... kinds) {
        next(Integer.MAX_VALUE, fault, kinds);
    }

    /** From now on requests meet no fault; requests in progress are not affected. */
    public synchronized void clear() {
        injected.clear();
    }

    /** The fault that a request of this kind is to meet, {@link Fault#NONE} if there is none. */
    public synchronized Fault take(RequestKind kind) {
        for (Iterator<Injected> all = injected.iterator(); all.hasNext(); ) {
            Injected candidate = all.next();
            if (candidate.kinds.contains(kind)) {
                if (--candidate.left == 0) {
                    all.remove();
                }
                return candidate.fault;
            }
        }
        return Fault.NONE;
    }
}
