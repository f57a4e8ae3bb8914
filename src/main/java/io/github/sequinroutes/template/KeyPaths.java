package io.github.sequinroutes.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The parameters of a template that tell which row a record means. */
final class KeyPaths {
    /** Where the rows of the Stream API stand. */
    static final String RECORD = "record";

    private KeyPaths() {}

    /** The places of those of a template with this shape, or null, among its paths; empty if they are not known. */
    static List<Integer> parametersOf(Template template, TemplateShape shape) {
        if (shape != null) {
            return shape.keyParameters();
        }
        TemplateToken first = TemplateToken.of(template.file(), template.text()).get(0);
        List<Integer> parameters = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (int i = 0;
                (first.is("delete") || first.is("update"))
                        && i < template.paths().size();
                i++) {
            List<String> path = template.paths().get(i);
            if (path.get(0).equals(RECORD) && path.size() > 1 && seen.add(path)) {
                parameters.add(i);
            }
        }
        return parameters;
    }
}
