package io.strates.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.shop.Note;
import io.strates.boot.shop.NoteRepository;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildListener;
import io.strates.build.BuildProgress;
import io.strates.build.BuildService;
import io.strates.build.RowStore;
import io.strates.build.WritePermits;
import io.strates.entity.NotPinnedException;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.BoundBuilds;
import io.strates.query.QueryService;
import io.strates.query.UnpinnedStatementException;
import io.strates.release.NothingReleasedException;
import io.strates.release.Release;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseListener;
import io.strates.release.ReleaseService;
import io.strates.release.StrateReleased;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class StratesAutoConfigurationTests {

	@Test
	void applicationBuildsReleasesAndReadsWithoutConfiguration() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 3, 10);
			QueryService queries = context.getBean(QueryService.class);
			ProductRepository products = context.getBean(ProductRepository.class);

			String name = queries.pinned("shop", "berlin", () -> products.findById(2L).orElseThrow().getName());

			assertThat(name).isEqualTo("product 2");
			assertThat(Shops.count(context, "berlin")).isEqualTo(3);
			assertThatExceptionOfType(NotPinnedException.class).isThrownBy(products::count);
		});
	}

	@Test
	void entityThatIsNotStratifiedIsStoredAsEver() {
		Contexts.shop().run((context) -> {
			NoteRepository notes = context.getBean(NoteRepository.class);

			notes.save(new Note(1L, "plain"));

			assertThat(notes.findById(1L)).get().extracting(Note::getContent).isEqualTo("plain");
		});
	}

	@Test
	void repositoryWritesOnlyInsideAnOpenBuild() {
		Contexts.shop().run((context) -> {
			ProductRepository products = context.getBean(ProductRepository.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));

			assertThatExceptionOfType(NotPinnedException.class)
				.isThrownBy(() -> products.save(new Product(1L, "stray", 1, null)));
			try (Build build = context.getBean(BuildService.class).open("shop", "berlin")) {
				build.run(() -> transaction
					.executeWithoutResult((status) -> products.save(new Product(1L, "kept", 1, null))));
				BuildInfo sealed = build.seal();

				assertThat(sealed.rowCounts()).containsEntry("Product", 1L);
			}
		});
	}

	@Test
	void nativeStatementWithoutBuildIsRefused() {
		Contexts.shop().run((context) -> {
			Shops.release(context, "berlin", 1, 10);
			EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);

			assertThatExceptionOfType(UnpinnedStatementException.class).isThrownBy(() -> factory
				.callInTransaction((manager) -> manager.createNativeQuery("select name from product").getResultList()));
		});
	}

	@Test
	void applicationsOwnStatementInspectorSeesStatementsToo() {
		Contexts.shop()
			.withPropertyValues("spring.jpa.properties.hibernate.session_factory.statement_inspector="
					+ RecordingInspector.class.getName())
			.run((context) -> {
				RecordingInspector.STATEMENTS.clear();

				context.getBean(NoteRepository.class).count();

				assertThat(RecordingInspector.STATEMENTS).singleElement().asString().contains("from note");
				assertThatExceptionOfType(UnpinnedStatementException.class)
					.isThrownBy(() -> context.getBean(EntityManagerFactory.class)
						.callInTransaction(
								(manager) -> manager.createNativeQuery("select name from product").getResultList()));
			});
	}

	@Test
	void batchingIsSwitchedOnUnlessTheApplicationSaysOtherwise() {
		Contexts.shop()
			.run((context) -> assertThat(batchSize(context.getBean(EntityManagerFactory.class))).isEqualTo(100));
		Contexts.shop()
			.withPropertyValues("spring.jpa.properties.hibernate.jdbc.batch_size=7")
			.run((context) -> assertThat(batchSize(context.getBean(EntityManagerFactory.class))).isEqualTo(7));
	}

	private static int batchSize(EntityManagerFactory factory) {
		return factory.unwrap(SessionFactoryImplementor.class).getSessionFactoryOptions().getJdbcBatchSize();
	}

	@Test
	void nothingIsConfiguredWhenSwitchedOff() {
		Contexts.bare()
			.withUserConfiguration(NoEntities.class)
			.withPropertyValues("strates.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(BuildService.class)
				.doesNotHaveBean(ReleaseService.class));
	}

	@Test
	void applicationWithoutStratifiedEntityStarts() {
		Contexts.bare()
			.withUserConfiguration(NoEntities.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(BuildService.class));
	}

	@Test
	void lazyInitializationLeavesTheGuardsInPlace() {
		Contexts.shop()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThatExceptionOfType(NotPinnedException.class)
					.isThrownBy(() -> context.getBean(ProductRepository.class).save(new Product(1L, "stray", 1, null)));

				Shops.release(context, "berlin", 2, 10);

				assertThat(Shops.count(context, "berlin")).isEqualTo(2);
			});
	}

	@Test
	void classesOfOptionalTechnologiesMayBeMissing(CapturedOutput output) {
		Contexts.shop()
			.withClassLoader(new FilteredClassLoader(RedisConnectionFactory.class, RedisMessageListenerContainer.class,
					ContextRegistry.class, MeterRegistry.class))
			.run((context) -> {
				Shops.release(context, "berlin", 1, 10);

				assertThat(Shops.count(context, "berlin")).isOne();
				assertThat(output).containsOnlyOnce("Releases of other nodes are found by polling every 2000 ms");
			});
	}

	@Test
	void chunkSizeBoundsTheRowsOfATransaction() {
		Contexts.shop()
			.withUserConfiguration(Listening.class)
			.withPropertyValues("strates.build.chunk-size=4")
			.run((context) -> {
				Shops.build(context, "berlin", 10, 1);

				assertThat(context.getBean(Listening.class).chunks).contains(4L).allMatch((rows) -> rows <= 4);
			});
	}

	@Test
	void parallelismIsHalfThePoolButNotMoreThanTheProcessors() {
		int processors = Runtime.getRuntime().availableProcessors();
		Contexts.shop()
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=2")
			.run((context) -> assertThat(context.getBean(BranchExecutor.class).parallelism()).isOne());
		Contexts.shop()
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1000")
			.run((context) -> assertThat(context.getBean(BranchExecutor.class).parallelism()).isEqualTo(processors));
		Contexts.shop()
			.withPropertyValues("strates.build.parallelism=9")
			.run((context) -> assertThat(context.getBean(BranchExecutor.class).parallelism()).isEqualTo(9));
	}

	@Test
	void branchesRunOnThreadsOfTheirOwn() {
		Contexts.shop().run((context) -> {
			List<Thread> threads = new CopyOnWriteArrayList<>();
			try (Build build = context.getBean(BuildService.class).open("shop", "berlin")) {
				build.branches()
					.branch("one", (writer) -> threads.add(Thread.currentThread()))
					.branch("two", (writer) -> threads.add(Thread.currentThread()))
					.run();
			}

			assertThat(threads).hasSize(2).allMatch((thread) -> thread.getName().startsWith("strates-branch-"));
		});
	}

	@Test
	void nodeIsTheOwnerOfItsBuilds() {
		Contexts.shop()
			.withPropertyValues("strates.node=blue-1")
			.run((context) -> assertThat(Shops.build(context, "berlin", 1, 1).owner()).isEqualTo("blue-1"));
		Contexts.shop()
			.run((context) -> assertThat(Shops.build(context, "berlin", 1, 1).owner())
				.contains(":" + ProcessHandle.current().pid() + ":"));
	}

	@Test
	void nothingReleasedFailsOrReadsAsEmpty() {
		Contexts.shop()
			.run((context) -> assertThatExceptionOfType(NothingReleasedException.class)
				.isThrownBy(() -> Shops.count(context, "berlin")));
		Contexts.shop()
			.withPropertyValues("strates.query.nothing-released=empty")
			.run((context) -> assertThat(Shops.count(context, "berlin")).isZero());
	}

	@Test
	void listenersAreToldAndMayUseTheServicesThatTellThem() {
		Contexts.shop().withUserConfiguration(Listening.class).run((context) -> {
			Release release = Shops.release(context, "berlin", 1, 1);

			Listening listening = context.getBean(Listening.class);
			assertThat(listening.sealed).containsExactly(release.buildStrate());
			assertThat(listening.live).containsExactly(1L);
			assertThat(listening.events).singleElement()
				.extracting((event) -> event.release().buildStrate())
				.isEqualTo(release.buildStrate());
		});
	}

	@Test
	void channelOfTheApplicationIsUsed() {
		Contexts.shop().withUserConfiguration(OwnChannel.class).run((context) -> {
			Shops.release(context, "berlin", 1, 1);

			RecordingChannel channel = context.getBean(RecordingChannel.class);
			assertThat(channel.listening).isTrue();
			assertThat(channel.announced).hasSize(1);
		});
	}

	@Test
	void servicesOfTheApplicationReplaceThoseOfTheLibrary() {
		Contexts.shop().withUserConfiguration(OwnServices.class).run((context) -> {
			assertThat(context.getBean(QueryService.class)).isSameAs(context.getBean("ownQueries"));
			assertThat(context.getBean(BuildService.class)).isSameAs(context.getBean("ownBuilds"));
			assertThat(Shops.build(context, "berlin", 1, 1).owner()).isEqualTo("own");
		});
	}

	@Test
	void metadataTransactionsAreReadCommittedWhateverTheDefault() {
		Contexts.shop()
			.withPropertyValues("spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ")
			.run((context) -> {
				MetadataAccess metadata = context.getBean(MetadataAccess.class);

				String isolation = metadata.own()
					.execute((status) -> metadata.jdbc()
						.sql("select isolation_level from information_schema.sessions where session_id = session_id()")
						.query(String.class)
						.single());

				assertThat(isolation).isEqualTo("READ COMMITTED");
			});
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = StratesProperties.class)
	static class NoEntities {

	}

	@Configuration(proxyBeanMethods = false)
	static class Listening implements BuildListener {

		private final List<Long> chunks = new CopyOnWriteArrayList<>();

		private final List<Object> sealed = new CopyOnWriteArrayList<>();

		private final List<Long> live = new CopyOnWriteArrayList<>();

		private final List<StrateReleased> events = new CopyOnWriteArrayList<>();

		@Override
		public void progressed(BuildProgress progress) {
			this.chunks.add(progress.chunk());
		}

		@Override
		public void sealed(BuildInfo build) {
			this.sealed.add(build.buildStrate());
		}

		@Bean
		ReleaseListener usesTheServiceThatTellsIt(ReleaseService releases) {
			return (release) -> this.live
				.add(releases.current(release.scope(), release.scopeId()).orElseThrow().number());
		}

		@EventListener
		void on(StrateReleased event) {
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnChannel {

		@Bean
		RecordingChannel channel() {
			return new RecordingChannel();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnServices {

		@Bean
		QueryService ownQueries() {
			QueryService queries = mock(QueryService.class);
			given(queries.history("shop", "berlin")).willReturn(List.of());
			return queries;
		}

		@Bean
		BuildService ownBuilds(HibernateMapping mapping, WritePermits permits, RowStore rows, BoundBuilds bound,
				PlatformTransactionManager transactions) {
			TransactionTemplate own = new TransactionTemplate(transactions);
			own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			return BuildService.builder()
				.schema(mapping::schema)
				.permits(permits)
				.rowStore(rows)
				.boundBuilds(bound)
				.transactions(new TransactionTemplate(transactions), own)
				.branchExecutor(Runnable::run)
				.owner("own")
				.build();
		}

	}

	static class RecordingChannel implements ReleaseChannel {

		private final List<Release> announced = new ArrayList<>();

		private boolean listening;

		@Override
		public void announce(Release release) {
			this.announced.add(release);
		}

		@Override
		public void listen(Runnable news) {
			this.listening = true;
		}

		@Override
		public void close() {
		}

	}

	/** Named by a setting, so that Hibernate's way of naming one is covered. */
	public static class RecordingInspector implements StatementInspector {

		static final List<String> STATEMENTS = new CopyOnWriteArrayList<>();

		@Override
		public String inspect(String sql) {
			STATEMENTS.add(sql);
			return sql;
		}

	}

}
