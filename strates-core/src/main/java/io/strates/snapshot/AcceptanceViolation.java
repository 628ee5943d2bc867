package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Why a value, or a whole group, does not follow an {@link AcceptancePolicy}.
 *
 * @since 0.1.0
 */
public sealed interface AcceptanceViolation {

	/**
	 * Returns what is violated.
	 * @return the reason
	 */
	Reason reason();

	/**
	 * Returns whose values violate it.
	 * @return the resource, or the group
	 */
	List<ResourceKey<?>> keys();

	/**
	 * Returns what is violated, as a sentence.
	 * @return the text
	 */
	String message();

	/**
	 * What can be violated.
	 *
	 * @since 0.1.0
	 */
	enum Reason {

		/** A value is stale. */
		STALE,

		/** A value is older than allowed. */
		TOO_OLD,

		/** The source of a value is trusted less than required. */
		INSUFFICIENT_AUTHORITY,

		/** Fewer values of a group are there than required, or are good enough. */
		REQUIREMENT_UNSATISFIED;

		/**
		 * Returns the name of this reason in meters and documents.
		 * @return the name, which never changes
		 */
		public String code() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * A value that is stale.
	 *
	 * @param key the resource
	 * @param age how old the value was when the request was answered
	 * @since 0.1.0
	 */
	record Stale(ResourceKey<?> key, Duration age) implements AcceptanceViolation {

		@Override
		public Reason reason() {
			return Reason.STALE;
		}

		@Override
		public List<ResourceKey<?>> keys() {
			return List.of(this.key);
		}

		@Override
		public String message() {
			return this.key + " is stale, observed " + this.age + " ago";
		}

	}

	/**
	 * A value that is too old.
	 *
	 * @param key the resource
	 * @param age how old the value was when the request was answered
	 * @param maxAge how old it may be
	 * @since 0.1.0
	 */
	record TooOld(ResourceKey<?> key, Duration age, Duration maxAge) implements AcceptanceViolation {

		@Override
		public Reason reason() {
			return Reason.TOO_OLD;
		}

		@Override
		public List<ResourceKey<?>> keys() {
			return List.of(this.key);
		}

		@Override
		public String message() {
			return this.key + " was observed " + this.age + " ago, which is more than " + this.maxAge;
		}

	}

	/**
	 * A value whose source is trusted too little.
	 *
	 * @param key the resource
	 * @param authority how much its source is trusted
	 * @param minimumAuthority how much it has to be
	 * @since 0.1.0
	 */
	record InsufficientAuthority(ResourceKey<?> key, int authority,
			int minimumAuthority) implements AcceptanceViolation {

		@Override
		public Reason reason() {
			return Reason.INSUFFICIENT_AUTHORITY;
		}

		@Override
		public List<ResourceKey<?>> keys() {
			return List.of(this.key);
		}

		@Override
		public String message() {
			return this.key + " has authority " + this.authority + ", which is less than " + this.minimumAuthority;
		}

	}

	/**
	 * A group of which too few are there, or are good enough.
	 *
	 * @param requirement the group
	 * @param acceptedCount how many are
	 * @since 0.1.0
	 */
	record Unsatisfied(Requirement requirement, int acceptedCount) implements AcceptanceViolation {

		@Override
		public Reason reason() {
			return Reason.REQUIREMENT_UNSATISFIED;
		}

		@Override
		public List<ResourceKey<?>> keys() {
			return this.requirement.keys();
		}

		@Override
		public String message() {
			String name = this.requirement.name().isEmpty() ? "" : " '" + this.requirement.name() + "'";
			return "Requirement" + name + " has " + this.acceptedCount + " of " + keys().size()
					+ " resources, and needs " + this.requirement.minimumCount();
		}

	}

}
