package io.strates.sample.importing;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** Thrown when an import ends because the application does. */
class ImportStoppedException extends ErrorResponseException {

	ImportStoppedException() {
		super(HttpStatus.SERVICE_UNAVAILABLE, ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"The application is shutting down; what is live has not changed"), null);
	}

}
