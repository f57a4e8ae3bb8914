/** Finds what is wrong with the SQL templates, against the live schema. Internal. */
package io.github.sequinroutes.check;
