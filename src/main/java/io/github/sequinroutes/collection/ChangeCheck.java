package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import java.util.List;

/** Checks what a new or changed file would write, before it replaces what runs. */
@FunctionalInterface
public interface ChangeCheck {
    /** Finds nothing. */
    ChangeCheck NONE = sinks -> List.of();

    /**
     * What is wrong with the templates of a file; empty if nothing is, or if that cannot be told now: a database that is
     * away must not keep a change waiting. An error keeps the file from being loaded, a warning is logged.
     *
     * @param sinks what the routes of the file write
     */
    List<Problem> problems(List<SinkTemplates> sinks);
}
