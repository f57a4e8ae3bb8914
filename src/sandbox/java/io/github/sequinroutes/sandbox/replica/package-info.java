/** The sandbox of the Stream API: a live database, and the bundle that replicates it. */
package io.github.sequinroutes.sandbox.replica;
