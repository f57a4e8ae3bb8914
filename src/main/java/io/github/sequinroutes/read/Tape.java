package io.github.sequinroutes.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Remembers the bytes that a parser reads, so that each message can be kept exactly as it was received. */
final class Tape extends FilterInputStream {
    private static final int USUAL_SIZE = 16 * 1024;
    private static final int LARGE_SIZE = 4 * 1024 * 1024;

    private final Lease lease;
    private byte[] bytes = new byte[USUAL_SIZE];
    private int length;
    private long start;

    Tape(InputStream in, Lease lease) {
        super(in);
        this.lease = lease;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        if (lease.isOver()) {
            throw new IOException("it came so slowly that the lease of its messages is over");
        }
        int count = super.read(target, offset, wanted);
        if (count > 0) {
            if (length + count > bytes.length) {
                // a huge message must fit into memory beside its copy: little more than it needs, then
                long more = bytes.length < LARGE_SIZE ? bytes.length : bytes.length / 4;
                bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max((long) length + count, bytes.length + more)));
            }
            System.arraycopy(target, offset, bytes, length, count);
            length += count;
        }
        return count;
    }

    /** The bytes from one position of the stream to another; those before the second are forgotten. */
    byte[] cut(long from, long to) {
        byte[] cut = Arrays.copyOfRange(bytes, (int) (from - start), (int) (to - start));
        forget(to);
        return cut;
    }

    private void forget(long before) {
        int gone = (int) (before - start);
        byte[] kept = bytes;
        if (bytes.length > LARGE_SIZE && length - gone <= USUAL_SIZE) {
            kept = new byte[USUAL_SIZE]; // what a huge message needed is not needed any more
        }
        System.arraycopy(bytes, gone, kept, 0, length - gone);
        bytes = kept;
        length -= gone;
        start = before;
    }
}
