package io.strates.query.hibernate;

import java.lang.reflect.Type;

/**
 * A place in a flat state.
 *
 * @param name the attribute that it belongs to
 * @param type the type of its values
 */
record FlatPlace(String name, Type type) {
}
