package io.strates.query;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * The build that one unit of work reads of a scope id.
 *
 * @since 0.1.0
 */
public interface Pin {

	/**
	 * Returns the kind of aggregate.
	 * @return the scope
	 */
	String scope();

	/**
	 * Returns which aggregate of that kind.
	 * @return the scope id
	 */
	String scopeId();

	/**
	 * Returns the build that is read.
	 * @return the id of the build; of a build without rows where nothing is released and
	 * that may be read as empty
	 */
	UUID buildStrate();

	/**
	 * Returns the release that the build was chosen by.
	 * @return the release number; nothing for a preview and where nothing is released
	 */
	OptionalLong release();

}
