/** The tables of a database that changes are captured from, and what does not come of them. Internal. */
package io.github.sequinroutes.source;
