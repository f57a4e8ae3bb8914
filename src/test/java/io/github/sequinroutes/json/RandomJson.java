package io.github.sequinroutes.json;

import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** JSON text of any kind, as another program may have written it. */
final class RandomJson {
    private static final String[] PIECES = {
        "a",
        "é",
        "😀",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0000",
        "\\u00e4",
        "\\ud83d\\ude00",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\uFFFD",
        "null"
    };
    private static final String[] SCALARS = {
        "null", "true", "false", "0", "-1", "12345678901234567890123", "1.50", "-0.0", "1e-7", "2E+3"
    };

    private final Random random;

    RandomJson(Random random) {
        this.random = random;
    }

    /** A value with at most {@code depth} brackets around another. */
    String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 5 : 3)) {
            case 0 -> SCALARS[random.nextInt(SCALARS.length)];
            case 1, 2 -> text();
            case 3 -> "[" + space() + members(() -> value(depth - 1)) + "]";
            default -> "{" + space() + members(() -> text() + space() + ":" + space() + value(depth - 1)) + "}";
        };
    }

    private String members(Supplier<String> member) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> member.get() + space())
                .collect(Collectors.joining("," + space()));
    }

    private String text() {
        return random.ints(random.nextInt(12), 0, PIECES.length)
                .mapToObj(i -> PIECES[i])
                .collect(Collectors.joining("", "\"", "\""));
    }

    private String space() {
        return new String[] {"", "", " ", "\n\t ", "\r\n"}[random.nextInt(5)];
    }
}
