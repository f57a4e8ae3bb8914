package io.github.sequinroutes.json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A pull scanner for JSON that tells where in the input each value is. It decodes only what it is asked for and keeps
 * the rest as received, so that a record costs little more than a look at each of its bytes. It is lenient: control
 * characters in strings, odd numbers and invalid UTF-8 are skipped, since one odd record must never make a whole response
 * unreadable. Not thread-safe.
 */
public final class JsonScanner {
    private static final int USUAL_SIZE = 64 * 1024;
    private static final int LARGE_SIZE = 4 * 1024 * 1024;
    private static final String SCALARS = "\"-0123456789tfnNI";

    private final InputStream in;
    private final BitSet objects = new BitSet();
    private byte[] bytes;
    private long base; // the position of the first of these bytes
    private int kept; // the bytes before this one are not needed any more
    private int at;
    private int limit;
    private boolean opened; // a bracket, and nothing read yet of what is in it
    private boolean escaped; // of the string that was read last

    /** Reads a stream, no further than it must, and keeps what it has read until that is {@link #takeBytes taken}. */
    public JsonScanner(InputStream in) {
        this.in = in;
        this.bytes = new byte[USUAL_SIZE];
    }

    /** Reads a part of an array. Positions are those in the array. */
    public JsonScanner(byte[] bytes, int start, int end) {
        this.in = InputStream.nullInputStream();
        this.bytes = bytes;
        this.at = start;
        this.limit = end;
    }

    /** How many bytes have been read. */
    public long position() {
        return base + at;
    }

    /**
     * The first byte of the next value, name or closing bracket, which stays to be read.
     *
     * @throws InvalidJsonException if the input ends here
     */
    public int peek() throws IOException {
        int next = next();
        if (next < 0) {
            throw invalid("it ends too soon");
        }
        return next;
    }

    /** Reads the opening brace that {@link #peek} has shown. */
    public void beginObject() {
        begin();
    }

    /** Reads the opening bracket that {@link #peek} has shown. */
    public void beginArray() {
        begin();
    }

    private void begin() {
        at++;
        opened = true;
    }

    /** Whether the object or array has another field or element; if not, reads its closing bracket, {@code end}. */
    public boolean hasNext(char end) throws IOException {
        boolean isFirst = opened;
        opened = false;
        if (peek() == end) {
            at++;
            return false;
        }
        if (!isFirst) {
            expect(',');
        }
        return true;
    }

    /** Reads a field's name and the colon after it, and returns what the name stands for. */
    public <T> T selectName(FieldNames<T> names) throws IOException {
        peek();
        long from = position();
        skipString();
        int start = index(from) + 1;
        T meaning = escaped ? selectEscaped(names, start) : names.find(bytes, start, at - 1);
        expect(':');
        return meaning;
    }

    private <T> T selectEscaped(FieldNames<T> names, int start) {
        String name;
        try {
            name = JsonStrings.unescape(bytes, start, at - 1);
        } catch (InvalidStringException e) {
            name = "\uFFFD"; // as good as any name that is not selected
        }
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        return names.find(encoded, 0, encoded.length);
    }

    /** Reads the next value, whatever it is. */
    public void skipValue() throws IOException {
        int depth = 0;
        do {
            int next = peek();
            if (next == '{' || next == '[') {
                begin();
                objects.set(depth++, next == '{');
            } else {
                skipScalar(next);
            }
            while (depth > 0 && !hasNext(objects.get(depth - 1) ? '}' : ']')) {
                depth--;
            }
            if (depth > 0 && objects.get(depth - 1)) {
                peek();
                skipString();
                expect(':');
            }
        } while (depth > 0);
    }

    /**
     * The input from a position to here as a string, exactly as received: a JSON string keeps its quotes and escapes.
     *
     * @throws InvalidStringException if it is not UTF-8
     */
    public String rawString(long from) throws InvalidStringException {
        return JsonStrings.decode(bytes, index(from), at);
    }

    /**
     * The scalar from a position to here: a JSON string unescaped, anything else as received.
     *
     * @throws InvalidStringException if it is not UTF-8, or its escapes are not JSON's
     */
    public String scalar(long from) throws InvalidStringException {
        int start = index(from);
        return bytes[start] == '"' ? JsonStrings.unescape(bytes, start + 1, at - 1) : rawString(from);
    }

    /** Whether the string that was read last has escapes. */
    public boolean isEscaped() {
        return escaped;
    }

    /** Whether the input from a position to here is ASCII, and so UTF-8. */
    public boolean isAscii(long from) {
        return StringSearch.isAscii(bytes, index(from), at);
    }

    /** A copy of the bytes from a position to here. The scanner then drops all bytes before here. */
    public byte[] takeBytes(long from) {
        byte[] taken = Arrays.copyOfRange(bytes, index(from), at);
        kept = at;
        if (isTooLarge()) {
            makeRoom();
        }
        return taken;
    }

    /**
     * Reads what is left of the input.
     *
     * @throws InvalidJsonException if there is another value in it
     */
    public void endDocument() throws IOException {
        if (next() >= 0) {
            throw invalid("something follows");
        }
    }

    /** How many bytes of memory it has taken for the input. */
    int capacity() {
        return bytes.length;
    }

    /** The next byte that is no space, which stays to be read, or -1 at the end. */
    private int next() throws IOException {
        do {
            for (; at < limit; at++) {
                byte b = bytes[at];
                if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                    return b & 0xFF;
                }
            }
        } while (fill());
        return -1;
    }

    private void expect(char wanted) throws IOException {
        if (peek() != wanted) {
            throw invalid("a " + wanted + " is missing");
        }
        at++;
    }

    private void skipScalar(int first) throws IOException {
        if (first == '"') {
            skipString();
        } else if (SCALARS.indexOf(first) < 0) {
            throw invalid("a value is missing");
        } else {
            do {
                for (; at < limit; at++) {
                    if (endsScalar(bytes[at])) {
                        return;
                    }
                }
            } while (fill());
        }
    }

    private static boolean endsScalar(byte b) {
        return b <= ' ' || b == ',' || b == ']' || b == '}';
    }

    /** Reads a string with its quotes, and notes whether it has escapes. */
    private void skipString() throws IOException {
        if (bytes[at] != '"') {
            throw invalid("a name is missing");
        }
        at++;
        escaped = false;
        do {
            at = StringSearch.quoteOrBackslash(bytes, at, limit);
            if (at < limit) {
                if (bytes[at++] == '"') {
                    return;
                }
                escaped = true;
                if (at < limit || fill()) {
                    at++; // whatever it is, it neither ends the string nor escapes what follows
                }
            }
        } while (at < limit || fill());
        throw invalid("it ends too soon");
    }

    private int index(long position) {
        return (int) (position - base);
    }

    /** Reads more of the input; false at its end. */
    private boolean fill() throws IOException {
        if (limit == bytes.length) {
            makeRoom();
        }
        int count = in.read(bytes, limit, bytes.length - limit);
        limit += Math.max(0, count);
        return count > 0;
    }

    /** Whether most of the memory was for a huge message that is gone. */
    private boolean isTooLarge() {
        return bytes.length > LARGE_SIZE && limit - kept < bytes.length / 8;
    }

    private void makeRoom() {
        int used = limit - kept;
        int size = bytes.length;
        if (used > size / 2) {
            // a huge message must fit into memory beside its copy: little more than it needs, then
            size = Math.addExact(size, size < LARGE_SIZE ? size : size / 4);
        } else if (isTooLarge()) {
            size = Math.max(USUAL_SIZE, 2 * used);
        }
        byte[] source = bytes;
        if (size != bytes.length) {
            bytes = new byte[size];
        }
        System.arraycopy(source, kept, bytes, 0, used);
        base += kept;
        at -= kept;
        limit = used;
        kept = 0;
    }

    private InvalidJsonException invalid(String problem) {
        return new InvalidJsonException(problem + " at byte " + position());
    }
}
