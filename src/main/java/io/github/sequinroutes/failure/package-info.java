/** What a failure means, by its SQLSTATE or HTTP status, and how long to back off. Internal. */
package io.github.sequinroutes.failure;
