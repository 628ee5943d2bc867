package io.strates.sample.web;

import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;

/**
 * Tells what is wrong with a body that is not the JSON that was asked for.
 */
public final class UnreadableBody {

	private UnreadableBody() {
	}

	/**
	 * Returns the answer to a request with such a body.
	 * @param failure what the reader found
	 * @param example what to send instead
	 * @return the answer
	 */
	public static ResponseEntity<Object> answer(HttpMessageNotReadableException failure, String example) {
		return Problems.answer(
				ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, fault(failure) + "; send such as " + example));
	}

	private static String fault(HttpMessageNotReadableException failure) {
		if (failure.getCause() instanceof DatabindException misfit && !misfit.getPath().isEmpty()) {
			return "\"%s\" has a value of the wrong type".formatted(misfit.getPath().get(0).getPropertyName());
		}
		if (failure.getCause() instanceof StreamReadException broken) {
			TokenStreamLocation place = broken.getLocation();
			return "The body is broken JSON at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
		}
		return "The body is no JSON object";
	}

}
