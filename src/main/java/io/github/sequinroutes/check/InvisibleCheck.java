package io.github.sequinroutes.check;

import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds characters that nobody sees, such as those that come along when text is copied from a page. */
record InvisibleCheck(Template template, Findings findings) {
    /** Of these PostgreSQL takes none for a blank, and a name can have all of them in it. */
    private static final Set<Integer> KINDS =
            Set.of((int) Character.FORMAT, (int) Character.SPACE_SEPARATOR, (int) Character.LINE_SEPARATOR, (int)
                    Character.PARAGRAPH_SEPARATOR);

    /** Reports each that stands outside constants, quoted names and comments. */
    void run() {
        List<TemplateToken> parts = new ArrayList<>(template.comments());
        template.tokens().stream()
                .filter(token -> token.text().matches("(?s)(['\"]|:#[^\"]*\"|\\$.*\\$).*"))
                .forEach(parts::add);
        String text = template.text();
        for (int at = 0; at < text.length(); at++) {
            int place = at;
            char character = text.charAt(at);
            boolean isInvisible = character != ' ' && KINDS.contains(Character.getType(character));
            if (isInvisible && parts.stream().noneMatch(part -> part.start() <= place && place < part.end())) {
                findings.error(
                        at,
                        "U+%04X (%s) stands here, and nobody sees it; remove it, or write a blank"
                                .formatted((int) character, Character.getName(character)));
            }
        }
    }
}
