package io.strates.sample.importing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import io.strates.build.BuildService;
import io.strates.release.Release;
import io.strates.release.ReleaseConflictException;
import io.strates.release.ReleaseService;
import io.strates.sample.catalog.DifferenceQueries;
import io.strates.sample.debian.PackageIndex;
import io.strates.sample.suite.Suites;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.stereotype.Component;

/**
 * Fills an empty database at the start: the main index becomes the first release, the
 * updates over it the second. A database that has releases stays as it is, unless a start
 * was cut short between the two.
 */
@Component
@ConditionalOnBooleanProperty(name = "sample.import-on-start", matchIfMissing = true)
class ImportOnStart implements ApplicationRunner {

	private static final Logger log = LoggerFactory.getLogger(ImportOnStart.class);

	private final ImportService imports;

	private final ReleaseService releases;

	private final BuildService builds;

	private final DifferenceQueries differences;

	private final SampleProperties properties;

	private final ResourceLoader resources;

	private final Environment environment;

	ImportOnStart(ImportService imports, ReleaseService releases, BuildService builds, DifferenceQueries differences,
			SampleProperties properties, ResourceLoader resources, Environment environment) {
		this.imports = imports;
		this.releases = releases;
		this.builds = builds;
		this.differences = differences;
		this.properties = properties;
		this.resources = resources;
		this.environment = environment;
	}

	/**
	 * An index, and what it means.
	 *
	 * @param mode what it means
	 * @param resource the index
	 */
	private record Step(ImportMode mode, Resource resource) {

		String name() {
			return Objects.requireNonNullElse(this.resource.getFilename(), this.resource.getDescription());
		}

	}

	@Override
	public void run(ApplicationArguments arguments) throws IOException {
		List<Step> steps = steps();
		int done = done(steps);
		if (done < 0) {
			log.info("Suite {} has releases; nothing is imported", this.properties.suite());
			return;
		}
		try {
			List<ImportedRelease> imported = new ArrayList<>();
			for (Step step : steps.subList(done, steps.size())) {
				imported.add(run(step));
			}
			log.info("{}", summary(imported));
		}
		catch (ReleaseConflictException ex) {
			log.info("Another instance has imported the catalogue meanwhile: {}", ex.getMessage());
		}
		catch (ImportStoppedException ex) {
			log.info("The import was stopped; the next start begins it again");
		}
	}

	private List<Step> steps() {
		List<Step> steps = new ArrayList<>();
		steps.add(new Step(ImportMode.FULL, this.resources.getResource(this.properties.main())));
		if (!this.properties.updates().isBlank()) {
			steps.add(new Step(ImportMode.OVERLAY, this.resources.getResource(this.properties.updates())));
		}
		return steps;
	}

	/** Returns how many steps an earlier start has done, or -1 if none are left to do. */
	private int done(List<Step> steps) {
		List<Release> history = new ArrayList<>(this.releases.history(Suites.SCOPE, this.properties.suite()));
		history.sort(Comparator.comparingLong(Release::number));
		if (history.size() >= steps.size()) {
			return -1;
		}
		for (int i = 0; i < history.size(); i++) {
			String source = this.builds.get(history.get(i).buildStrate()).metadata().get(ImportService.SOURCE);
			if (!steps.get(i).name().equals(source)) {
				return -1;
			}
		}
		return history.size();
	}

	private ImportedRelease run(Step step) throws IOException {
		Resource resource = step.resource();
		try (PackageIndex index = PackageIndex.of(resource::getInputStream)) {
			return this.imports.run(this.properties.suite(), step.mode(), index, step.name(),
					new ProgressReport(step.name(), Terminal.find()));
		}
	}

	private ImportSummary summary(List<ImportedRelease> imported) {
		ImportSummary summary = new ImportSummary(address(), imported);
		long last = imported.get(imported.size() - 1).release().number();
		if (last > 1) {
			summary.difference(last - 1, last, this.differences.count(this.properties.suite(), last - 1, last));
		}
		return summary;
	}

	private String address() {
		return "http://localhost:" + this.environment.getProperty("local.server.port", "8080");
	}

}
