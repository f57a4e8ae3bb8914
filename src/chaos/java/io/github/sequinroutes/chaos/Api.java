package io.github.sequinroutes.chaos;

import java.util.Locale;

/** The API of Sequin that the product polls. */
enum Api {
    /** The Consume API: records. */
    CONSUME,
    /** The Stream API: changes of rows. */
    STREAM;

    static Api of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
