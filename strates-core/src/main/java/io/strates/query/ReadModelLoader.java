package io.strates.query;

import java.util.Map;
import java.util.Set;

/**
 * Makes the values of a read model from the rows of a build.
 *
 * @param <ID> the type of the ids
 * @param <V> the type of the values
 * @implSpec Called by the thread that reads, inside a pin of the build, in the reader's
 * transaction if there is one. Repositories see that build and no other. What it reads
 * apart from the build's rows is frozen into the value for as long as the build lives.
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReadModelLoader<ID, V> {

	/**
	 * Loads values.
	 * @param pin the build to read
	 * @param ids the ids, at least one
	 * @return the values by id; an id that is not in it has no value in this build
	 */
	Map<ID, V> load(Pin pin, Set<ID> ids);

}
