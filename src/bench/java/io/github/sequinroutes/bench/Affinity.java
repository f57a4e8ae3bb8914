package io.github.sequinroutes.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which cores processes may run on, by {@code taskset} of util-linux. Closing it gives each process that it has pinned
 * what it had before.
 */
final class Affinity implements AutoCloseable {
    private final Map<Long, String> before = new LinkedHashMap<>();

    /** The cores that this process may run on; none if there is no {@code taskset}. */
    static List<Integer> cores() throws InterruptedException {
        try {
            List<Integer> cores = new ArrayList<>();
            for (String range : get(ProcessHandle.current().pid()).split(",", -1)) {
                String[] ends = range.split("-", -1);
                for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                    cores.add(core);
                }
            }
            return cores;
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Pins a process, with all of its threads, to a core; those that it starts from then on inherit it. */
    synchronized void pin(long pid, int core) throws IOException, InterruptedException {
        if (!before.containsKey(pid)) {
            before.put(pid, get(pid));
        }
        free(pid, List.of(core));
    }

    /** Lets a process run on any of these cores. */
    static void free(long pid, List<Integer> cores) throws IOException, InterruptedException {
        set(pid, cores.stream().map(Object::toString).collect(Collectors.joining(",")));
    }

    @Override
    public synchronized void close() {
        before.forEach((pid, cores) -> {
            try {
                set(pid, cores);
            } catch (IOException e) {
                // it has ended
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static String get(long pid) throws IOException, InterruptedException {
        // pid 123's current affinity list: 0-3,5
        return taskset("-c", "-p", Long.toString(pid)).replaceFirst(".*: ", "").strip();
    }

    private static void set(long pid, String cores) throws IOException, InterruptedException {
        taskset("-a", "-c", "-p", cores, Long.toString(pid));
    }

    private static String taskset(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("taskset"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output.strip());
        }
        return output;
    }
}
