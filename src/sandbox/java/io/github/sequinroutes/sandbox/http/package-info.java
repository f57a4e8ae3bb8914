/** An HTTP server that can do what a correct one would not. */
package io.github.sequinroutes.sandbox.http;
