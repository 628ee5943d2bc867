package io.strates.sample.release;

import java.util.ArrayList;
import java.util.List;

import io.strates.build.BuildService;
import io.strates.release.Release;
import io.strates.release.ReleaseService;
import io.strates.sample.suite.Suites;
import io.strates.sample.suite.Validators;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** The suites that have a release. */
@RestController
class SuiteController {

	private static final String PACKAGES = "DebianPackage";

	private final ReleaseService releases;

	private final BuildService builds;

	SuiteController(ReleaseService releases, BuildService builds) {
		this.releases = releases;
		this.builds = builds;
	}

	/**
	 * The live releases, or the releases of one number of those suites that got so far.
	 */
	@GetMapping(path = "/api/suites", produces = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<List<SuiteView>> list(@RequestParam @Nullable Long release, WebRequest request) {
		List<SuiteView> suites = new ArrayList<>();
		for (Release live : this.releases.current(Suites.SCOPE)) {
			if (release == null || release == live.number()) {
				suites.add(view(live));
			}
			else if (release > 0 && release < live.number()) {
				suites.add(view(this.releases.get(Suites.SCOPE, live.scopeId(), release)));
			}
		}
		return Validators.answer(request, suites, HttpHeaders.EMPTY);
	}

	private SuiteView view(Release release) {
		long packages = this.builds.get(release.buildStrate()).rowCounts().getOrDefault(PACKAGES, 0L);
		return new SuiteView(release.scopeId(), release.number(), release.buildStrate(), release.releasedAt(),
				packages);
	}

}
