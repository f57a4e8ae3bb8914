package io.github.sequinroutes.read;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Remembers the bytes that a parser reads, so that each message can be kept exactly as it was received. */
final class Tape extends FilterInputStream {
    private final Lease lease;
    private byte[] bytes = new byte[16 * 1024];
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
                bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
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
        System.arraycopy(bytes, gone, bytes, 0, length - gone);
        length -= gone;
        start = before;
    }
}
