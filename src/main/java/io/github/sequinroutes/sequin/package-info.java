/** Requests to the Sequin server, and its responses. Internal. */
package io.github.sequinroutes.sequin;
