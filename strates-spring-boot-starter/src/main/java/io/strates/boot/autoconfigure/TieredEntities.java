package io.strates.boot.autoconfigure;

import java.util.Map;

/**
 * The entities that are declared to have a tiered store, with the types of their ids.
 */
record TieredEntities(Map<Class<?>, Class<?>> idTypes) {
}
