/** Writes groups of messages into their tables: isolation, blame, ledger, limits. Internal. */
package io.github.sequinroutes.write;
