package io.github.sequinroutes.bench;

/** A part of the benchmark: it measures one thing, and reports it. */
interface Section {
    /** Measures, and adds what it shows to the report. */
    void run(Report report) throws Exception;
}
