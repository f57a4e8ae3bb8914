package io.github.sequinroutes.poll;

/**
 * How long a worker rests after a response that came empty and at once, although the server was to wait for a message.
 * Usually others have in flight all that there is, and it is soon over: the first rests are short. A sink that is paused
 * answers so for as long as it is: the rests grow to a second. Not thread-safe.
 */
final class Rest {
    private static final long FIRST_MILLIS = 50;
    /** The longest rest, in milliseconds. */
    static final long MAX_MILLIS = 1_000;

    private long next = FIRST_MILLIS;

    /** The next rest, in milliseconds. */
    long nextMillis() {
        long now = next;
        next = Math.min(MAX_MILLIS, 2 * now);
        return now;
    }

    /** A message came, or the server has waited for one. */
    void reset() {
        next = FIRST_MILLIS;
    }
}
