package io.strates.snapshot;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is asked of a snapshot: resources that have to be there and such that may be
 * missing, how far their values may lie apart in time, and how good they have to be.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class SnapshotRequest {

	private final Set<ResourceKey<?>> required;

	private final Set<ResourceKey<?>> optional;

	private final Set<ResourceKey<?>> keys;

	private final @Nullable ConsistencyPolicy consistency;

	private final @Nullable AcceptancePolicy acceptance;

	private SnapshotRequest(Builder builder) {
		this.required = Collections.unmodifiableSet(new LinkedHashSet<>(builder.required));
		this.optional = Collections.unmodifiableSet(new LinkedHashSet<>(builder.optional));
		Set<ResourceKey<?>> all = new LinkedHashSet<>(this.required);
		all.addAll(this.optional);
		this.keys = Collections.unmodifiableSet(all);
		this.consistency = builder.consistency;
		this.acceptance = builder.acceptance;
	}

	/**
	 * Returns a builder.
	 * @return the builder, without any resource
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns a request for resources that all have to be there.
	 * @param required the resources
	 * @return the request
	 * @throws IllegalArgumentException if there are none
	 */
	public static SnapshotRequest of(ResourceKey<?>... required) {
		return builder().required(required).build();
	}

	/**
	 * Returns all resources.
	 * @return the required ones, then the optional ones, in the order in which they were
	 * given
	 */
	public Set<ResourceKey<?>> keys() {
		return this.keys;
	}

	/**
	 * Returns the resources that have to be there.
	 * @return their keys, in the order in which they were given
	 */
	public Set<ResourceKey<?>> required() {
		return this.required;
	}

	/**
	 * Returns the resources that may be missing.
	 * @return their keys, in the order in which they were given
	 */
	public Set<ResourceKey<?>> optional() {
		return this.optional;
	}

	/**
	 * Returns whether a resource has to be there.
	 * @param key the resource
	 * @return {@code false} if it is optional, or not asked for
	 */
	public boolean isRequired(ResourceKey<?> key) {
		return this.required.contains(key);
	}

	/**
	 * Returns how far the values may lie apart.
	 * @return the policy, or {@code null} if that does not matter
	 */
	public @Nullable ConsistencyPolicy consistency() {
		return this.consistency;
	}

	/**
	 * Returns how good the values have to be.
	 * @return the policy, or {@code null} if that does not matter
	 */
	public @Nullable AcceptancePolicy acceptance() {
		return this.acceptance;
	}

	@Override
	public String toString() {
		return "SnapshotRequest[required=" + this.required + ", optional=" + this.optional + "]";
	}

	/**
	 * Collects what is asked.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Set<ResourceKey<?>> required = new LinkedHashSet<>();

		private final Set<ResourceKey<?>> optional = new LinkedHashSet<>();

		private @Nullable ConsistencyPolicy consistency;

		private @Nullable AcceptancePolicy acceptance;

		private Builder() {
		}

		/**
		 * Adds resources that have to be there.
		 * @param keys their keys; repetitions do not matter
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is optional
		 */
		public Builder required(ResourceKey<?>... keys) {
			return required(Arrays.asList(keys));
		}

		/**
		 * Adds resources that have to be there.
		 * @param keys their keys; repetitions do not matter
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is optional
		 */
		public Builder required(Collection<? extends ResourceKey<?>> keys) {
			keys.forEach((key) -> add(key, this.required, this.optional));
			return this;
		}

		/**
		 * Adds resources that may be missing.
		 * @param keys their keys; repetitions do not matter
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is required
		 */
		public Builder optional(ResourceKey<?>... keys) {
			return optional(Arrays.asList(keys));
		}

		/**
		 * Adds resources that may be missing.
		 * @param keys their keys; repetitions do not matter
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is required
		 */
		public Builder optional(Collection<? extends ResourceKey<?>> keys) {
			keys.forEach((key) -> add(key, this.optional, this.required));
			return this;
		}

		private static void add(ResourceKey<?> key, Set<ResourceKey<?>> keys, Set<ResourceKey<?>> others) {
			if (others.contains(key)) {
				throw new IllegalArgumentException(
						key + " is both required and optional in one request; make it one of them");
			}
			keys.add(Objects.requireNonNull(key, "key"));
		}

		/**
		 * Sets how far the values of required resources may lie apart.
		 * @param maxSkew from the oldest to the newest, at most
		 * @return this builder
		 * @throws IllegalArgumentException if it is negative
		 * @throws IllegalStateException if a policy is set
		 */
		public Builder within(Duration maxSkew) {
			return consistency(ConsistencyPolicy.within(maxSkew));
		}

		/**
		 * Sets how far the values may lie apart.
		 * @param policy the policy
		 * @return this builder
		 * @throws IllegalStateException if a policy is set
		 */
		public Builder consistency(ConsistencyPolicy policy) {
			if (this.consistency != null) {
				throw new IllegalStateException("The consistency policy is " + this.consistency + "; set it once");
			}
			this.consistency = Objects.requireNonNull(policy, "policy");
			return this;
		}

		/**
		 * Sets how good the values have to be.
		 * @param policy the policy
		 * @return this builder
		 * @throws IllegalStateException if a policy is set
		 */
		public Builder acceptance(AcceptancePolicy policy) {
			if (this.acceptance != null) {
				throw new IllegalStateException("The request has an acceptance policy; set it once");
			}
			this.acceptance = Objects.requireNonNull(policy, "policy");
			return this;
		}

		/**
		 * Creates the request.
		 * @return the request
		 * @throws IllegalArgumentException if there are no resources, or the acceptance
		 * policy names others
		 */
		public SnapshotRequest build() {
			SnapshotRequest request = new SnapshotRequest(this);
			if (request.keys.isEmpty()) {
				throw new IllegalArgumentException("A request has no resources; add one at least");
			}
			if (this.acceptance != null) {
				for (ResourceKey<?> key : this.acceptance.keys()) {
					if (!request.keys.contains(key)) {
						throw new IllegalArgumentException("The acceptance policy names " + key
								+ ", which the request does not ask for; add it as optional, or leave it out");
					}
				}
			}
			return request;
		}

	}

}
