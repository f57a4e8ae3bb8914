package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Lease;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A response that is worth reading only as long as the lease of its messages. */
final class LeasedInput extends FilterInputStream {
    private final Lease lease;

    LeasedInput(InputStream in, Lease lease) {
        super(in);
        this.lease = lease;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        if (lease.isOver()) {
            throw new IOException("it came so slowly that the lease of its messages is over");
        }
        return super.read(target, offset, wanted);
    }
}
