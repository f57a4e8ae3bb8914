/** The user's SQL: read once, described by the server, bound to records. Internal. */
package io.github.sequinroutes.template;
