package io.strates.sample.release;

import io.strates.release.RollbackTarget;
import io.strates.sample.web.BadRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

import org.springframework.http.converter.HttpMessageNotReadableException;

/** Which release to restore, and why. */
record RollbackRequest(@Nullable Long to, @Nullable String reason) {

	static final String EXAMPLE = "{\"to\":1,\"reason\":\"wrong versions\"}";

	private static final int MAX_REASON = 4_000;

	/** What is wrong with a body that is none. */
	static String fault(HttpMessageNotReadableException failure) {
		if (failure.getCause() instanceof DatabindException misfit && !misfit.getPath().isEmpty()) {
			return "\"%s\" has a value of the wrong type".formatted(misfit.getPath().get(0).getPropertyName());
		}
		if (failure.getCause() instanceof StreamReadException broken) {
			TokenStreamLocation place = broken.getLocation();
			return "The body is broken JSON at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
		}
		return "The body is no JSON object";
	}

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
