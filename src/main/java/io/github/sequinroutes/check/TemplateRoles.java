package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.template.Template;
import java.util.ArrayList;

/** Tells whether the files of an upsert and a delete template can have been swapped. */
public final class TemplateRoles {
    private TemplateRoles() {}

    /** Whether an upsert template deletes, and does nothing else, without a comment that says that this is meant. */
    public static boolean deletesOnly(Template upsert) {
        return isDelete(StatementReader.read(upsert))
                && Allowance.of(upsert, new ArrayList<>()).stream()
                        .noneMatch(allowance -> allowance.text().equals(Finding.LOST_UPDATES.text()));
    }

    static boolean isDelete(SqlStatement statement) {
        return statement.verb() == Verb.DELETE && !statement.isCompound();
    }

    /** Whether a template inserts the record. */
    public static boolean inserts(Template template) {
        return StatementReader.read(template).verb() == Verb.INSERT;
    }
}
