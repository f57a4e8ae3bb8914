package io.github.sequinroutes.sequin;

import io.github.sequinroutes.json.InvalidJsonException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.UnreadableResponseException;
import java.io.IOException;
import java.util.List;

/** Reads messages that were stored as received, such as dead letters. */
public final class StoredMessages {
    private StoredMessages() {}

    /**
     * Reads a message from its bytes, which become the message's own: do not change them.
     *
     * @throws UnreadableResponseException if they are not exactly one JSON value
     */
    public static Message read(byte[] bytes, MessageFormat format) {
        JsonScanner json = new JsonScanner(bytes, 0, bytes.length);
        try {
            Message message = Message.readStored(json, bytes, format);
            if (!isBlank(bytes, (int) json.position())) {
                throw new InvalidJsonException("something follows at byte " + json.position());
            }
            return message;
        } catch (IOException e) {
            throw new UnreadableResponseException("The message is not valid JSON: " + e.getMessage(), e);
        }
    }

    /** Makes a batch of messages. */
    public static Batch batch(List<Message> messages, Lease lease) {
        return new Batch(messages, lease);
    }

    private static boolean isBlank(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (" \n\r\t".indexOf(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
    }
}
