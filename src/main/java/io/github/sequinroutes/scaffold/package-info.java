/** Writes the files of collections, and the DDL of their tables, from the tables of a source. Internal. */
package io.github.sequinroutes.scaffold;
