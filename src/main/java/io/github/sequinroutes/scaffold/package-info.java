/** Writes the files of collections, and the DDL of their tables, from records, schemas, and tables. Internal. */
package io.github.sequinroutes.scaffold;
