/** The user's database: transactions that keep the promises, the bundle's own tables. Internal. */
package io.github.sequinroutes.database;
