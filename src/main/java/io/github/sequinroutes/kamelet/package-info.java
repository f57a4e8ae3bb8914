/** What stands behind the Kamelets, which are a thin face of it: sinks for the routes of others. */
package io.github.sequinroutes.kamelet;
