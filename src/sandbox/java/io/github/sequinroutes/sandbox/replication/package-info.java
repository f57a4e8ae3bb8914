/** Changes of a PostgreSQL database, from a slot of its logical replication with the plugin pgoutput. */
package io.github.sequinroutes.sandbox.replication;
