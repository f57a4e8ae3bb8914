package io.github.sequinroutes.scaffold;

import java.util.List;

/** Text that fits a screen. */
final class Lines {
    private static final int WIDTH = 118;

    private Lines() {}

    /** The items with commas between them, in lines of which all but the first are indented. */
    static String wrapped(String before, List<String> items, String after, String indent) {
        StringBuilder text = new StringBuilder(before);
        int lineStart = 0;
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i) + (i < items.size() - 1 ? "," : after);
            boolean isFirst = i == 0;
            if (!isFirst && text.length() - lineStart + 1 + item.length() > WIDTH) {
                text.append('\n');
                lineStart = text.length();
                text.append(indent);
            } else if (!isFirst) {
                text.append(' ');
            }
            text.append(item);
        }
        return text.toString();
    }
}
