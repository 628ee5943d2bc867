package io.strates;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of the house that a compiler does not check. A new package fails here until
 * it is on the map, a new public type until it is in {@code public-types.txt}.
 */
@AnalyzeClasses(packages = ArchitectureTests.ROOT,
		importOptions = { ImportOption.DoNotIncludeTests.class, ArchitectureTests.DoNotIncludeDevServers.class })
class ArchitectureTests {

	static final String ROOT = "io.strates";

	/** Each feature, with the features that it may use. */
	private static final Map<String, Set<String>> MAY_USE = Map.of( //
			"internal", Set.of(), //
			"entity", Set.of("internal"), //
			"build", Set.of("internal", "entity"), //
			"release", Set.of("internal", "entity", "build"), //
			"cache", Set.of("internal"), //
			"snapshot", Set.of("internal", "cache"), //
			"query", Set.of("internal", "entity", "build", "release", "cache", "snapshot"), //
			"gc", Set.of("internal", "entity", "build", "release", "query"), //
			"store", Set.of("internal", "cache"), //
			"sync", Set.of("internal", "release", "query"));

	/**
	 * Each name of an adapter's sub-package, with the technology that such sub-packages
	 * alone import.
	 */
	private static final Map<String, Set<String>> OWNS = Map.of( //
			"hibernate", Set.of("org.hibernate.."), //
			"redis", Set.of("org.springframework.data.redis..", "io.lettuce.."), //
			"micrometer", Set.of("io.micrometer.."), //
			"spring", Set.of("org.springframework.cache.."), //
			"web", Set.of("org.springframework.web..", "jakarta.servlet.."));

	@ArchTest
	static final ArchRule featuresHaveNoCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule rootUsesNoFeature = noClasses().that()
		.resideInAPackage(ROOT)
		.should()
		.dependOnClassesThat()
		.resideInAPackage(ROOT + ".*..");

	@ArchTest
	static final ArchRule coreKnowsNoSpringBoot = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

	@ArchTest
	static final ArchRule nobodyReadsTheClock = noClasses().should()
		.callCodeUnitWhere(readsTheClock())
		.because("time comes from an InstantSource that the caller passes");

	@ArchTest
	static void featuresUseOnlyWhatTheMapAllows(JavaClasses classes) {
		LayeredArchitecture map = layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
		for (String feature : MAY_USE.keySet()) {
			map = map.layer(feature).definedBy(ROOT + "." + feature + "..");
		}
		for (Map.Entry<String, Set<String>> entry : MAY_USE.entrySet()) {
			String[] allowed = entry.getValue().toArray(String[]::new);
			map = (allowed.length == 0) ? map.whereLayer(entry.getKey()).mayNotAccessAnyLayer()
					: map.whereLayer(entry.getKey()).mayOnlyAccessLayers(allowed);
		}
		map.ensureAllClassesAreContainedInArchitectureIgnoring(ROOT).check(classes);
	}

	@ArchTest
	static void adaptersAloneImportTheirTechnology(JavaClasses classes) {
		OWNS.forEach((adapter, technology) -> noClasses().that()
			.resideOutsideOfPackage(ROOT + ".*." + adapter + "..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(technology.toArray(String[]::new))
			.check(classes));
	}

	@ArchTest
	static void featuresDoNotLookDownAtAdapters(JavaClasses classes) {
		String[] adapters = OWNS.keySet()
			.stream()
			.map((adapter) -> ROOT + ".*." + adapter + "..")
			.toArray(String[]::new);
		noClasses().that()
			.resideOutsideOfPackages(adapters)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(adapters)
			.because("whoever assembles the application picks the adapters")
			.check(classes);
	}

	@ArchTest
	static void publicTypesAreThoseAgreed(JavaClasses classes) throws IOException {
		List<String> published = classes.stream()
			.filter((type) -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> !type.getPackageName().startsWith(ROOT + ".internal"))
			.map(JavaClass::getName)
			.sorted()
			.toList();
		Files.write(Path.of("target", "public-types.txt"), published);

		assertThat(published)
			.as("public types; if the change is meant, copy target/public-types.txt to src/test/resources/io/strates")
			.containsExactlyElementsOf(agreedTypes());
	}

	@ArchTest
	static void testsNeverSleep(JavaClasses classes) {
		JavaClasses tests = new ClassFileImporter().withImportOption(new ImportOption.OnlyIncludeTests())
			.importPackages(ROOT);

		assertThat(tests).isNotEmpty();
		noClasses().should()
			.callMethodWhere(sleeps())
			.because("a test waits for a condition (Awaitility) or drives time itself")
			.check(tests);
	}

	private static List<String> agreedTypes() throws IOException {
		try (InputStream list = Objects
			.requireNonNull(ArchitectureTests.class.getResourceAsStream("public-types.txt"))) {
			return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
	}

	private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
		return new ArchCondition<>("reside in a package whose package-info is @NullMarked") {
			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(type, marked, type.getName() + " is in " + type.getPackageName()
						+ ", which has no @NullMarked package-info"));
			}
		};
	}

	// InstantSource.system() is no reading: a builder hands it over as its default.
	private static DescribedPredicate<JavaCall<?>> readsTheClock() {
		return DescribedPredicate.describe("reads the clock", (call) -> {
			CodeUnitCallTarget target = call.getTarget();
			String owner = target.getOwner().getName();
			return switch (target.getName()) {
				case "now" -> owner.startsWith("java.time.") && readsNoGivenClock(target);
				case "currentTimeMillis" -> owner.equals("java.lang.System");
				case "<init>" -> owner.equals(Date.class.getName()) && target.getRawParameterTypes().isEmpty();
				default -> owner.equals(Clock.class.getName()) && target.getName().startsWith("system");
			};
		});
	}

	private static boolean readsNoGivenClock(CodeUnitCallTarget target) {
		return target.getRawParameterTypes().stream().noneMatch((type) -> type.isEquivalentTo(Clock.class));
	}

	private static DescribedPredicate<JavaCall<?>> sleeps() {
		return DescribedPredicate.describe("sleeps", (call) -> {
			JavaClass owner = call.getTarget().getOwner();
			return call.getName().equals("sleep")
					&& (owner.isAssignableTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class));
		});
	}

	/** Leaves out the servers that tests run on, which share the root package. */
	static final class DoNotIncludeDevServers implements ImportOption {

		@Override
		public boolean includes(Location location) {
			return !location.contains("/io/strates/dev/");
		}

	}

}
