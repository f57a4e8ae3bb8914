package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.message.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What makes two dead letters the same: the record and its version, or without these the message itself, less its
 * tokens. {@code sequin.dead_letter_identity} in schema/migrations says the same of records with plain IDs.
 */
final class Identity {
    private Identity() {}

    /** The identity of a consumer's message: a SHA-256, for a record ID may be longer than an index row can be. */
    static String of(String consumer, Message message) {
        MessageDigest digest = sha256();
        if (hasText(message.collection()) && hasText(message.id()) && hasVersion(message)) {
            add(digest, "record", consumer, message.collection(), message.id());
            digest.update(message.version().toString().getBytes(StandardCharsets.UTF_8));
        } else {
            add(digest, "message", consumer);
            for (ByteBuffer part : message.partsWithoutTokens()) {
                // its length tells where it ends: any byte may be in it
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.remaining()));
                digest.update(part);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether its version tells it from every other message about its record. */
    static boolean hasVersion(Message message) {
        return message.version() != null && !message.isRead();
    }

    private static boolean hasText(String text) {
        return text != null && !text.isEmpty();
    }

    /** Adds strings, each on a line of its own: none has a raw line break in it, and no two are escaped alike. */
    private static void add(MessageDigest digest, String... texts) {
        for (String text : texts) {
            String line = Storable.text(text.replace("\\", "\\\\")).replace("\n", "\\n") + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
