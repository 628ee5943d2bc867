package io.strates.sample.catalog;

import io.strates.sample.suite.StateReader;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** What changed from one release of a suite to another. */
@RestController
class DifferenceController {

	private final StateReader states;

	private final DifferenceQueries differences;

	DifferenceController(StateReader states, DifferenceQueries differences) {
		this.states = states;
		this.differences = differences;
	}

	/**
	 * Both releases are in the address and never change, so that the build of the later
	 * one tells whether the client has the answer. Each is pinned for itself: one unit of
	 * work cannot read both.
	 */
	@GetMapping(path = "/api/suites/{suite}/diff", produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<DifferenceView> diff(@PathVariable String suite, @RequestParam long from, @RequestParam long to,
			WebRequest request) {
		this.states.read(suite, from, request, (state) -> state);
		return this.states.read(suite, to, request, (state) -> state)
			.answer(() -> this.differences.between(suite, from, to));
	}

}
