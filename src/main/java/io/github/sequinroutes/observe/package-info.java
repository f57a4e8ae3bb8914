/** Health and metrics of a bundle. Internal. */
package io.github.sequinroutes.observe;
