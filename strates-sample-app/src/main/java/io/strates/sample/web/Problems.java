package io.strates.sample.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/**
 * Answers with problem details, whatever type the client wanted to accept: it is to learn
 * why it does not get that.
 */
public final class Problems {

	private Problems() {
	}

	/**
	 * Returns the answer that tells of a problem.
	 * @param problem the problem
	 * @return the answer
	 */
	public static ResponseEntity<Object> answer(ProblemDetail problem) {
		return answer(problem, HttpHeaders.EMPTY);
	}

	static ResponseEntity<Object> answer(ProblemDetail problem, HttpHeaders headers) {
		return ResponseEntity.status(problem.getStatus())
			.headers(headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(problem);
	}

}
