package io.github.sequinroutes.template;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The server has refused a template: the message says why, in which file, at which line and column. */
public final class TemplateRefusedException extends SQLException {
    private final int position;
    private final String reason;
    private final String hint;

    TemplateRefusedException(Template template, int serverPosition, ServerErrorMessage server, PSQLException cause) {
        super(
                template.error(
                                serverPosition,
                                server.getMessage() + (server.getHint() == null ? "" : " (" + server.getHint() + ")"))
                        .getMessage(),
                cause.getSQLState(),
                cause);
        position = template.position(serverPosition);
        reason = server.getMessage();
        hint = server.getHint();
    }

    /** Where in the file's content, counted from 0; 0 if the server names no place. */
    public int position() {
        return position;
    }

    /** What the server says is wrong. */
    public String reason() {
        return reason;
    }

    /** What the server advises, or null. */
    public String hint() {
        return hint;
    }
}
