package io.strates.sample.catalog;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.strates.query.PinnedReads;
import io.strates.sample.suite.State;
import io.strates.sample.suite.StateReader;
import io.strates.sample.view.ViewCounter;
import io.strates.sample.web.BadRequestException;
import io.strates.sample.web.NotFoundException;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Page;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** The packages of a suite. */
@RestController
@RequestMapping(path = "/api/suites/{suite}/packages", produces = MediaType.APPLICATION_JSON_VALUE)
class PackageController {

	private static final int MAX_SIZE = 500;

	private final StateReader states;

	private final PackageQueries packages;

	private final ViewCounter views;

	PackageController(StateReader states, PackageQueries packages, ViewCounter views) {
		this.states = states;
		this.packages = packages;
		this.views = views;
	}

	@GetMapping
	ResponseEntity<Page<PackageSummary>> search(@PathVariable String suite, @RequestParam @Nullable Long release,
			@RequestParam @Nullable String section, @RequestParam @Nullable String tag,
			@RequestParam @Nullable String q, @RequestParam(defaultValue = "0") int page,
			@RequestParam(defaultValue = "20") int size, WebRequest request) {
		requireBounds(page, size);
		PackageSearch search = new PackageSearch(section, tag, q);
		return this.states.read(suite, release, request,
				(state) -> state.answer(() -> this.packages.search(search, page, size)));
	}

	private static void requireBounds(int page, int size) {
		if (size < 1 || size > MAX_SIZE) {
			throw new BadRequestException("Parameter size is %d; use 1 to %d".formatted(size, MAX_SIZE));
		}
		if (page < 0 || (long) page * size > Integer.MAX_VALUE) {
			throw new BadRequestException(
					"Parameter page is %d; use 0 to %d".formatted(page, Integer.MAX_VALUE / size));
		}
	}

	@GetMapping("/{name}")
	ResponseEntity<PackageView> get(@PathVariable String suite, @PathVariable String name,
			@RequestParam @Nullable Long release, WebRequest request) {
		PinnedReads reads = this.states.reads(suite, release);
		State state = new State(reads.pin(), request);
		PackageDetails details = found(suite, name, state, () -> reads.find(PackageDetails.class, name));
		this.views.viewed(suite, name);
		return state.answer(() -> new PackageView(details, state.release(), state.buildStrate()));
	}

	@GetMapping("/{name}/dependents")
	ResponseEntity<List<String>> dependents(@PathVariable String suite, @PathVariable String name,
			@RequestParam @Nullable Long release, WebRequest request) {
		return this.states.read(suite, release, request,
				(state) -> state.answer(() -> found(suite, name, state, () -> this.packages.dependents(name))));
	}

	private static <T> T found(String suite, String name, State state, Supplier<Optional<T>> query) {
		// A database takes no text with this character.
		Optional<T> found = (name.indexOf('\0') < 0) ? query.get() : Optional.empty();
		return found.orElseThrow(() -> new NotFoundException(
				"There is no package \"%s\" in release %d of %s".formatted(name, state.release(), suite)));
	}

}
