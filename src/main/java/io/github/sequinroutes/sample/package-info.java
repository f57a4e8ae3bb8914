/** Records to try templates with: from a file or the server, and what of the templates does not fit them. Internal. */
package io.github.sequinroutes.sample;
