/**
 * A catalogue of Debian packages, served in any of its released states.
 */
/*
 * A package for each feature. "debian" reads indexes and knows nothing of Spring or
 * Strates; "web" holds what all requests share; "catalog" has the entities, how they are
 * written and how they are read; "release" tells of builds and releases; "importing"
 * turns an index into a release; "view" counts who looks at packages and "watch" keeps
 * notes on them, both of which change; "server" starts the databases where none is
 * configured.
 */
@NullMarked
package io.strates.sample;

import org.jspecify.annotations.NullMarked;
