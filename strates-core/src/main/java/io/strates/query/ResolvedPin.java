package io.strates.query;

import java.util.OptionalLong;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** A pin whose build is known. */
record ResolvedPin(String scope, String scopeId, UUID buildStrate, @Nullable Long number) implements Pin {

	@Override
	public OptionalLong release() {
		return (this.number != null) ? OptionalLong.of(this.number) : OptionalLong.empty();
	}

}
