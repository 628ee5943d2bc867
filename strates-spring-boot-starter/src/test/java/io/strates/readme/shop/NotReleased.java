package io.strates.readme.shop;

import io.strates.StratesException;
import io.strates.release.NothingReleasedException;
import io.strates.release.ReleaseNotFoundException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

// @start region=notReleased
@RestControllerAdvice
public class NotReleased {

	@ExceptionHandler({ ReleaseNotFoundException.class, NothingReleasedException.class })
	ProblemDetail notReleased(StratesException failure) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, failure.getMessage());
	}

}
// @end
