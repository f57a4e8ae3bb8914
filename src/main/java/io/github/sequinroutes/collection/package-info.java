/** Which collections have a route: their files, checked, loaded and reloaded. Internal. */
package io.github.sequinroutes.collection;
