package io.strates.sample.web;

import io.strates.build.BuildStateException;
import io.strates.release.ReleaseConflictException;
import io.strates.release.ReleaseNotFoundException;
import io.strates.release.ReleaseRefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Turns what goes wrong into problem details (RFC 9457). What nobody foresaw is logged,
 * and the client learns no more than that.
 */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

	@ExceptionHandler({ NotFoundException.class, ReleaseNotFoundException.class })
	ResponseEntity<Object> notFound(RuntimeException failure) {
		return problem(HttpStatus.NOT_FOUND, failure.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<Object> badRequest(BadRequestException failure) {
		return problem(HttpStatus.BAD_REQUEST, failure.getMessage());
	}

	@ExceptionHandler
	ResponseEntity<Object> lostRace(ReleaseConflictException failure) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
				"Release " + failure.getLiveRelease()
						+ " came first; what it holds is live. Send the request again to build on it.");
		problem.setProperty("release", failure.getLiveRelease());
		problem.setProperty("buildStrate", failure.getBuildStrate());
		return Problems.answer(problem);
	}

	@ExceptionHandler
	ResponseEntity<Object> refused(ReleaseRefusedException failure) {
		return problem(HttpStatus.CONFLICT, "Build " + failure.getBuild().buildStrate() + " is "
				+ failure.getBuild().status() + " and cannot be live again");
	}

	@ExceptionHandler
	ResponseEntity<Object> givenUp(BuildStateException failure) {
		return problem(HttpStatus.CONFLICT,
				"Build " + failure.getBuild().buildStrate() + " is " + failure.getBuild().status());
	}

	@ExceptionHandler
	ResponseEntity<Object> unexpected(Exception failure) {
		log.error("A request failed for an unexpected reason", failure);
		return problem(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong that is not the fault of the request");
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
			HttpMediaTypeNotSupportedException failure, HttpHeaders headers, HttpStatusCode status,
			WebRequest request) {
		MediaType given = failure.getContentType();
		failure.getBody()
			.setDetail("Content-Type %s; send %s".formatted(
					(given != null) ? '"' + given.toString() + "\" is not supported" : "is missing or no media type",
					failure.getSupportedMediaTypes().isEmpty() ? "text/plain, or none at all"
							: MediaType.toString(failure.getSupportedMediaTypes())));
		return super.handleHttpMediaTypeNotSupported(failure, headers, status, request);
	}

	/** Whoever asks for a path is not helped by hearing of static resources. */
	@Override
	protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(NoResourceFoundException failure,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		failure.getBody().setDetail("There is nothing at /" + failure.getResourcePath());
		return super.handleNoResourceFoundException(failure, headers, status, request);
	}

	@Override
	protected ResponseEntity<Object> createResponseEntity(@Nullable Object body, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		return (body instanceof ProblemDetail problem) ? Problems.answer(problem, headers)
				: super.createResponseEntity(body, headers, status, request);
	}

	private static ResponseEntity<Object> problem(HttpStatus status, @Nullable String detail) {
		return Problems.answer(ProblemDetail.forStatusAndDetail(status, detail));
	}

}
