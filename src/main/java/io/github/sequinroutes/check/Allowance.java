package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name in a comment {@code -- sequin: allow no-guard, tombstone}.
 *
 * @param position where it stands in the file
 * @param text     the name
 */
record Allowance(int position, String text) {
    private static final Pattern COMMENT = Pattern.compile("^(?:--|/\\*)\\s*sequin\\s*:\\s*(\\S*)");
    private static final Pattern NAMES = Pattern.compile("\\G[\\s,]*([a-z][\\w-]*)");

    /** Those of a template; what looks like one and is none becomes a warning. */
    static List<Allowance> of(Template template, List<Problem> warnings) {
        List<Allowance> all = new ArrayList<>();
        for (TemplateToken comment : template.comments()) {
            Matcher marked = COMMENT.matcher(comment.text());
            if (!marked.find()) {
                continue;
            }
            if (!marked.group(1).equals("allow")) {
                warnings.add(template.problemAt(
                        comment.start(),
                        true,
                        "a comment for check reads -- sequin: allow and the name of what is meant, such as no-guard"));
                continue;
            }
            Matcher names = NAMES.matcher(comment.text());
            for (int at = marked.end(); names.find(at); at = names.end()) {
                String name = names.group(1);
                if (Finding.texts().contains(name)) {
                    all.add(new Allowance(comment.start() + names.start(1), name));
                } else {
                    warnings.add(template.problemAt(
                            comment.start() + names.start(1),
                            true,
                            "check has no finding " + name + Nearest.hint(name, Finding.texts())));
                }
            }
        }
        return all;
    }
}
