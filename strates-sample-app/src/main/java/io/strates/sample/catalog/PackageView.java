package io.strates.sample.catalog;

import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A package as clients see it.
 *
 * @param details the package
 * @param release the number of the release that it was read from
 * @param buildStrate the build that it was made from
 */
record PackageView(@JsonUnwrapped PackageDetails details, long release, UUID buildStrate) {
}
