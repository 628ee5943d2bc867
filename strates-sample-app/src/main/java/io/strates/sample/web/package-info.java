/**
 * What goes wrong with requests, and how clients learn of it.
 */
@NullMarked
package io.strates.sample.web;

import org.jspecify.annotations.NullMarked;
