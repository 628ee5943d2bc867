package io.strates.query;

import java.time.Instant;
import java.util.UUID;

import io.strates.internal.Arguments;

/**
 * Which build of a scope id a unit of work wants to read.
 *
 * @since 0.1.0
 */
public sealed interface PinRequest {

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
	 * Asks for the live state.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the request
	 */
	static PinRequest released(String scope, String scopeId) {
		return new Released(scope, scopeId);
	}

	/**
	 * Asks for the state of a release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param number the release number
	 * @return the request
	 */
	static PinRequest release(String scope, String scopeId, long number) {
		return new Numbered(scope, scopeId, number);
	}

	/**
	 * Asks for the state that was live at an instant.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param instant an instant that is not in the future
	 * @return the request
	 */
	static PinRequest asOf(String scope, String scopeId, Instant instant) {
		return new AsOf(scope, scopeId, instant);
	}

	/**
	 * Asks for a sealed build, released or not: a preview.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param buildStrate the id of the build
	 * @return the request
	 */
	static PinRequest build(String scope, String scopeId, UUID buildStrate) {
		return new Preview(scope, scopeId, buildStrate);
	}

	/**
	 * The live state.
	 *
	 * @param scope the scope
	 * @param scopeId the scope id
	 */
	record Released(String scope, String scopeId) implements PinRequest {

		/**
		 * Creates a request.
		 * @throws NullPointerException if anything is {@code null}
		 */
		public Released {
			Arguments.notNull(scope, "scope");
			Arguments.notNull(scopeId, "scopeId");
		}

	}

	/**
	 * The state of a release.
	 *
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param number the release number
	 */
	record Numbered(String scope, String scopeId, long number) implements PinRequest {

		/**
		 * Creates a request.
		 * @throws NullPointerException if anything is {@code null}
		 */
		public Numbered {
			Arguments.notNull(scope, "scope");
			Arguments.notNull(scopeId, "scopeId");
		}

	}

	/**
	 * The state at an instant.
	 *
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param instant the instant
	 */
	record AsOf(String scope, String scopeId, Instant instant) implements PinRequest {

		/**
		 * Creates a request.
		 * @throws NullPointerException if anything is {@code null}
		 */
		public AsOf {
			Arguments.notNull(scope, "scope");
			Arguments.notNull(scopeId, "scopeId");
			Arguments.notNull(instant, "instant");
		}

	}

	/**
	 * The state of a sealed build.
	 *
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param buildStrate the id of the build
	 */
	record Preview(String scope, String scopeId, UUID buildStrate) implements PinRequest {

		/**
		 * Creates a request.
		 * @throws NullPointerException if anything is {@code null}
		 */
		public Preview {
			Arguments.notNull(scope, "scope");
			Arguments.notNull(scopeId, "scopeId");
			Arguments.notNull(buildStrate, "buildStrate");
		}

	}

}
