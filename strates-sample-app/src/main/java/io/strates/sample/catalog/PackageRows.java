package io.strates.sample.catalog;

import java.util.List;

/**
 * A package with the rows that belong to it alone, in an order that foreign keys allow.
 *
 * @param debianPackage the package
 * @param dependencies its dependencies
 * @param tags the tags that it bears
 */
record PackageRows(DebianPackage debianPackage, List<Dependency> dependencies, List<PackageTag> tags) {
}
