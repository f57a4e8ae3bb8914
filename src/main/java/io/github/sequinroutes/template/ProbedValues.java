package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateProbe.Variant;
import java.util.List;
import java.util.UUID;

/**
 * The values of a record in the form in which it is probed.
 *
 * @param paths     the template's
 * @param dataField the first name of those that lead to the user's data
 * @param keyPaths  those that tell which row is meant
 */
record ProbedValues(List<List<String>> paths, String dataField, List<List<String>> keyPaths) {
    /** The same values in that form. */
    String[] of(String[] texts, Variant variant) {
        if (variant == Variant.AS_IT_IS) {
            return texts;
        }
        String[] varied = texts.clone();
        for (int i = 0; i < varied.length; i++) {
            List<String> path = paths.get(i);
            boolean isKey = keyPaths.contains(path);
            if (variant == Variant.WITHOUT_DATA && path.get(0).equals(dataField) && !isKey) {
                varied[i] = null;
            } else if (variant == Variant.WITH_ANOTHER_ID && isKey && varied[i] != null && isLast(path)) {
                varied[i] = anotherId(varied[i]);
            }
        }
        return varied;
    }

    /** Of a key of several columns the first is often that of another table, which has no row for any other. */
    private boolean isLast(List<String> path) {
        return path.equals(keyPaths.get(keyPaths.size() - 1));
    }

    /** An ID of the same kind: a number, a UUID or any string. */
    private static String anotherId(String id) {
        UUID random = UUID.randomUUID();
        if (id.matches("\\d+")) {
            return Integer.toString(Integer.MAX_VALUE - (int) (random.getMostSignificantBits() & 0xfffff));
        }
        return id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") ? random.toString() : id + random;
    }
}
