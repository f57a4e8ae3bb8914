package io.github.sequinroutes;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which tests run, and on the console where the log of one that failed is: what all of them log, failures
 * that they bring about included, is nothing for whoever waits for the build.
 */
public final class TestLog implements BeforeEachCallback, AfterEachCallback {
    private static final Logger LOG = LoggerFactory.getLogger(TestLog.class);

    /** The same as in log4j2-test.properties. */
    private static String file() {
        return "target/tests-on-postgres-" + System.getProperty("test.postgres.version", "of-the-build") + ".log";
    }

    private static String name(ExtensionContext test) {
        return test.getRequiredTestClass().getSimpleName() + "."
                + test.getRequiredTestMethod().getName() + " " + test.getDisplayName();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        LOG.info("{} begins", name(test));
    }

    @Override
    public void afterEach(ExtensionContext test) {
        boolean failed = test.getExecutionException().isPresent();
        LOG.info("{} {}", name(test), failed ? "has FAILED" : "ends");
        if (failed) {
            System.err.printf("%s has failed; what was logged meanwhile is in %s%n", name(test), file());
        }
    }
}
