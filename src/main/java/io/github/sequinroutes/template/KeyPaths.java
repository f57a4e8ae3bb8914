package io.github.sequinroutes.template;

import java.util.List;

/** The paths of a template that tell which row a record means. */
final class KeyPaths {
    /** Where the rows of the Stream API stand. */
    static final String RECORD = "record";

    private KeyPaths() {}

    /** Those of a template with this shape, or null; empty if they are not known. */
    static List<List<String>> of(Template template, TemplateShape shape) {
        if (shape != null) {
            return shape.keyPaths();
        }
        TemplateToken first = TemplateToken.of(template.file(), template.text()).get(0);
        return first.is("delete") || first.is("update")
                ? template.paths().stream()
                        .filter(path -> path.get(0).equals(RECORD) && path.size() > 1)
                        .distinct()
                        .toList()
                : List.of();
    }
}
