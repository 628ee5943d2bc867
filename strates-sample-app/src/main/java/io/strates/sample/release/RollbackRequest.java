package io.strates.sample.release;

import io.strates.release.RollbackTarget;
import io.strates.sample.web.BadRequestException;
import org.jspecify.annotations.Nullable;

/** Which release to restore, and why. */
record RollbackRequest(@Nullable Long to, @Nullable String reason) {

	static final String EXAMPLE = "{\"to\":1,\"reason\":\"wrong versions\"}";

	private static final int MAX_REASON = 4_000;

	RollbackTarget target() {
		if (this.to == null) {
			throw new BadRequestException(
					"\"to\" is missing; give the number of the release to restore, such as " + EXAMPLE);
		}
		return RollbackTarget.release(this.to);
	}

	String requireReason() {
		if (this.reason == null || this.reason.isBlank() || this.reason.length() > MAX_REASON
				|| this.reason.indexOf('\0') >= 0) {
			throw new BadRequestException(
					"\"reason\" is missing or too long; give 1 to %d characters for the log".formatted(MAX_REASON));
		}
		return this.reason;
	}

}
