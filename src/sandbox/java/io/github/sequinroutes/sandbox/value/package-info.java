/** The JSON that the server of the Stream API makes of PostgreSQL's values, which it has as text. */
package io.github.sequinroutes.sandbox.value;
