package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The paths that the server means by the numbers of parameters, where it says why it refuses a statement. */
record RefusedPaths(SqlStatement statement, String reason) {
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    /** The server's words, with paths. */
    String named() {
        return PARAMETER.matcher(reason).replaceAll(found -> {
            TemplateToken path = path(found.group(1));
            return Matcher.quoteReplacement(path == null ? found.group() : path.text());
        });
    }

    /** The first of them, or null. */
    TemplateToken first() {
        Matcher parameter = PARAMETER.matcher(reason);
        return parameter.find() ? path(parameter.group(1)) : null;
    }

    private TemplateToken path(String number) {
        List<TemplateToken> paths =
                statement.tokens().stream().filter(one -> one.path() != null).toList();
        int index = Integer.parseInt(number) - 1;
        return index >= 0 && index < paths.size() ? paths.get(index) : null;
    }
}
