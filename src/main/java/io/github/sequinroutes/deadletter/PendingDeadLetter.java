package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.UnreadableResponseException;
import io.github.sequinroutes.sequin.StoredMessages;

/** A dead letter that can be replayed. */
final class PendingDeadLetter {
    private final long id;
    private final boolean hasIdentity;
    private final Message message;

    private PendingDeadLetter(long id, boolean hasIdentity, Message message) {
        this.id = id;
        this.hasIdentity = hasIdentity;
        this.message = message;
    }

    /** A dead letter whose received bytes are known. */
    static PendingDeadLetter exact(long id, boolean hasIdentity, byte[] received, MessageFormat format) {
        return new PendingDeadLetter(id, hasIdentity, read(received, format));
    }

    /**
     * A dead letter that has only its text. Earlier versions, which gave no identity, put U+FFFD in place of what was
     * not UTF-8: where it is, the received bytes are lost.
     */
    static PendingDeadLetter ofText(long id, boolean hasIdentity, byte[] utf8, MessageFormat format) {
        boolean isExact = hasIdentity || !hasReplacement(utf8);
        return new PendingDeadLetter(id, hasIdentity, isExact ? read(utf8, format) : null);
    }

    long id() {
        return id;
    }

    boolean hasIdentity() {
        return hasIdentity;
    }

    /** Whether it cannot be replayed: it is not known what was received, or it is not JSON (any more). */
    boolean isRefused() {
        return message == null;
    }

    /** The message as received, or null if it is refused. */
    Message message() {
        return message;
    }

    private static Message read(byte[] received, MessageFormat format) {
        try {
            return StoredMessages.read(received, format);
        } catch (UnreadableResponseException e) {
            return null;
        }
    }

    /** Whether U+FFFD is in it: EF BF BD. */
    private static boolean hasReplacement(byte[] utf8) {
        for (int i = 0; i + 2 < utf8.length; i++) {
            if (utf8[i] == (byte) 0xEF && utf8[i + 1] == (byte) 0xBF && utf8[i + 2] == (byte) 0xBD) {
                return true;
            }
        }
        return false;
    }
}
