/** Writes groups of messages into their tables: isolation, classification of failures, ledger, limits. Internal. */
package io.github.sequinroutes.write;
