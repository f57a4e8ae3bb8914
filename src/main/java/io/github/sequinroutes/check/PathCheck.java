package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;

/** Finds paths that lead nowhere, whatever the record. */
final class PathCheck {
    private PathCheck() {}

    /**
     * Reports each; only as a warning where a step of the route may have added the field. Returns whether none of them may
     * be meant as the version.
     */
    static boolean run(SqlStatement statement, Paths paths, boolean hasSteps, Findings findings) {
        boolean isVersionKnown = true;
        for (TemplateToken token : statement.tokens()) {
            String problem = token.path() == null ? null : paths.problem(token.path(), token.text());
            if (problem != null && hasSteps) {
                findings.warning(Finding.UNKNOWN_PATH, token.start(), problem);
            } else if (problem != null) {
                findings.error(Finding.UNKNOWN_PATH, token.start(), problem);
            }
            isVersionKnown &= problem == null
                    || paths.version().stream()
                            .noneMatch(path -> problem.endsWith(" :#" + String.join(".", path) + "?"));
        }
        return isVersionKnown;
    }
}
