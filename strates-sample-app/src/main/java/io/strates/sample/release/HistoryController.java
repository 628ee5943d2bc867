package io.strates.sample.release;

import java.util.List;

import io.strates.build.BuildInfo;
import io.strates.build.BuildService;
import io.strates.release.NothingReleasedException;
import io.strates.release.Release;
import io.strates.release.ReleaseService;
import io.strates.sample.suite.State;
import io.strates.sample.suite.Suites;
import io.strates.sample.suite.Validators;
import io.strates.sample.web.UnreadableBody;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/**
 * The builds and releases of a suite. With a release they are told as they were then:
 * what was built and released later is left out.
 */
@RestController
@RequestMapping(path = "/api/suites/{suite}", produces = MediaType.APPLICATION_JSON_VALUE)
class HistoryController {

	private final BuildService builds;

	private final ReleaseService releases;

	HistoryController(BuildService builds, ReleaseService releases) {
		this.builds = builds;
		this.releases = releases;
	}

	@GetMapping("/builds")
	ResponseEntity<List<BuildView>> builds(@PathVariable String suite, @RequestParam @Nullable Long release,
			WebRequest request) {
		List<BuildInfo> all = requireBuilds(suite);
		Release until = until(suite, release);
		List<BuildView> shown = all.stream()
			.filter((build) -> release == null || until == null || !build.createdAt().isAfter(until.releasedAt()))
			.map(BuildView::of)
			.toList();
		return Validators.answer(request, shown, header(until));
	}

	@GetMapping("/releases")
	ResponseEntity<List<ReleaseView>> releases(@PathVariable String suite, @RequestParam @Nullable Long release,
			WebRequest request) {
		requireBuilds(suite);
		Release until = until(suite, release);
		List<ReleaseView> shown = this.releases.history(Suites.SCOPE, suite)
			.stream()
			.filter((logged) -> until == null || logged.number() <= until.number())
			.map(ReleaseView::of)
			.toList();
		return Validators.answer(request, shown, header(until));
	}

	@PostMapping(path = "/rollback", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<ReleaseView> rollBack(@PathVariable String suite, @RequestBody RollbackRequest rollback) {
		try {
			Release release = this.releases.rollBack(Suites.SCOPE, Suites.requireKnowable(suite), rollback.target(),
					rollback.requireReason());
			return ResponseEntity.ok().headers(header(release)).body(ReleaseView.of(release));
		}
		catch (NothingReleasedException ex) {
			throw Suites.unknown(suite);
		}
	}

	@ExceptionHandler
	ResponseEntity<Object> unreadable(HttpMessageNotReadableException failure) {
		return UnreadableBody.answer(failure, RollbackRequest.EXAMPLE);
	}

	/** A suite of which nothing was ever built is not known. */
	private List<BuildInfo> requireBuilds(String suite) {
		List<BuildInfo> all = this.builds.list(Suites.SCOPE, Suites.requireKnowable(suite));
		if (all.isEmpty()) {
			throw Suites.unknown(suite);
		}
		return all;
	}

	private @Nullable Release until(String suite, @Nullable Long release) {
		return (release != null) ? this.releases.get(Suites.SCOPE, suite, release)
				: this.releases.current(Suites.SCOPE, suite).orElse(null);
	}

	private static HttpHeaders header(@Nullable Release release) {
		return (release != null) ? State.releaseHeader(release.scopeId(), release.number()) : HttpHeaders.EMPTY;
	}

}
