package io.strates.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * How good the values of a request have to be, and how many of a group have to be there.
 * Rules apply to required resources, to optional ones only if they have a rule of their
 * own or {@linkplain Builder#includingOptional() all do}, and to the groups of
 * requirements. Immutable.
 *
 * @since 0.1.0
 */
public final class AcceptancePolicy {

	private final AcceptanceRule defaultRule;

	private final Map<ResourceKey<?>, AcceptanceRule> rules;

	private final List<Requirement> requirements;

	private final boolean includesOptional;

	private AcceptancePolicy(Builder builder) {
		this.defaultRule = (builder.defaultRule != null) ? builder.defaultRule : AcceptanceRule.unconstrained();
		this.rules = Collections.unmodifiableMap(new LinkedHashMap<>(builder.rules));
		this.requirements = List.copyOf(builder.requirements);
		this.includesOptional = builder.includesOptional;
	}

	/**
	 * Returns a builder.
	 * @return the builder, without any rule
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns a policy of one rule for all required resources.
	 * @param rule the rule
	 * @return the policy
	 * @throws IllegalArgumentException if every value follows the rule
	 */
	public static AcceptancePolicy of(AcceptanceRule rule) {
		return builder().defaultRule(rule).build();
	}

	/**
	 * Returns the rule of resources that have none of their own.
	 * @return the rule
	 */
	public AcceptanceRule defaultRule() {
		return this.defaultRule;
	}

	/**
	 * Returns the rules of single resources.
	 * @return an immutable map
	 */
	public Map<ResourceKey<?>, AcceptanceRule> rules() {
		return this.rules;
	}

	/**
	 * Returns how many of which groups have to be there.
	 * @return the requirements
	 */
	public List<Requirement> requirements() {
		return this.requirements;
	}

	/**
	 * Returns whether the default rule applies to optional resources.
	 * @return whether it does
	 */
	public boolean includesOptional() {
		return this.includesOptional;
	}

	/**
	 * Returns the rule of a resource.
	 * @param key the resource
	 * @return its own, or the default
	 */
	public AcceptanceRule rule(ResourceKey<?> key) {
		return this.rules.getOrDefault(key, this.defaultRule);
	}

	/**
	 * Returns the resources that this policy names.
	 * @return those with a rule of their own, and those of groups
	 */
	public Set<ResourceKey<?>> keys() {
		Set<ResourceKey<?>> keys = new LinkedHashSet<>(this.rules.keySet());
		this.requirements.forEach((requirement) -> keys.addAll(requirement.keys()));
		return Collections.unmodifiableSet(keys);
	}

	/**
	 * Collects the rules of a policy.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private @Nullable AcceptanceRule defaultRule;

		private final Map<ResourceKey<?>, AcceptanceRule> rules = new LinkedHashMap<>();

		private final List<Requirement> requirements = new ArrayList<>();

		private boolean includesOptional;

		private Builder() {
		}

		/**
		 * Sets the rule of resources that have none of their own.
		 * @param rule the rule
		 * @return this builder
		 * @throws IllegalStateException if it is set
		 */
		public Builder defaultRule(AcceptanceRule rule) {
			if (this.defaultRule != null) {
				throw new IllegalStateException("The default rule is " + this.defaultRule + "; set it once");
			}
			this.defaultRule = Objects.requireNonNull(rule, "rule");
			return this;
		}

		/**
		 * Sets the rule of a resource. It applies even if the resource is optional.
		 * @param key the resource
		 * @param rule the rule, instead of the default
		 * @return this builder
		 * @throws IllegalStateException if it is set
		 */
		public Builder rule(ResourceKey<?> key, AcceptanceRule rule) {
			Objects.requireNonNull(rule, "rule");
			AcceptanceRule before = this.rules.putIfAbsent(Objects.requireNonNull(key, "key"), rule);
			if (before != null) {
				throw new IllegalStateException("The rule of " + key + " is " + before + "; set it once");
			}
			return this;
		}

		/**
		 * Adds a group of which some have to be there.
		 * @param requirement the group
		 * @return this builder
		 */
		public Builder require(Requirement requirement) {
			this.requirements.add(Objects.requireNonNull(requirement, "requirement"));
			return this;
		}

		/**
		 * Lets the default rule apply to optional resources too.
		 * @return this builder
		 */
		public Builder includingOptional() {
			this.includesOptional = true;
			return this;
		}

		/**
		 * Creates the policy.
		 * @return the policy
		 * @throws IllegalArgumentException if it accepts everything
		 */
		public AcceptancePolicy build() {
			AcceptancePolicy policy = new AcceptancePolicy(this);
			if (!policy.defaultRule.isConstrained() && policy.requirements.isEmpty()
					&& policy.rules.values().stream().noneMatch(AcceptanceRule::isConstrained)) {
				throw new IllegalArgumentException(
						"An acceptance policy accepts everything; add a rule or a requirement, or leave it out");
			}
			return policy;
		}

	}

}
