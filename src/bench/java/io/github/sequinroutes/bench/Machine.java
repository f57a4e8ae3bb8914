package io.github.sequinroutes.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** What the figures were measured on: without it they mean nothing. */
final class Machine {
    private Machine() {}

    /** Cores, processor, memory, disk, operating system, JDK and PostgreSQL, on one line. */
    static String describe(BenchDatabase database) throws IOException, SQLException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return "Machine: %d cores (%s), %d GB, database on %s, %s %s, JDK %s, PostgreSQL %s."
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        Math.round(system.getTotalMemorySize() / 1e9),
                        Files.getFileStore(Path.of(database.show("data_directory")))
                                .type(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version(),
                        database.show("server_version"));
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: *", ""))
                .findFirst()
                .orElseGet(() -> System.getProperty("os.arch"));
    }
}
