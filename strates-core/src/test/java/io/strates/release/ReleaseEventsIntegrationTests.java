package io.strates.release;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.shop.Catalog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

class ReleaseEventsIntegrationTests {

	private TestNode node;

	@BeforeEach
	void start() {
		this.node = TestNode.onPostgres();
	}

	@AfterEach
	void stop() {
		this.node.close();
	}

	@Test
	void releaseTellsBeforeItReturnsWhenNoTransactionIsAround() {
		UUID build = build();

		Release release = this.node.releases.release(build);

		assertThat(this.node.told).containsExactly(release);
	}

	@Test
	void releaseInATransactionIsToldAfterItsCommitAndOutsideIt() {
		UUID build = build();
		List<Boolean> insideTransaction = new CopyOnWriteArrayList<>();
		this.node.releaseListeners
			.add((release) -> insideTransaction.add(TransactionSynchronizationManager.isActualTransactionActive()
					|| !TransactionSynchronizationManager.getResourceMap().isEmpty()));

		this.node.transaction.executeWithoutResult((status) -> {
			this.node.releases.release(build);
			assertThat(this.node.told).isEmpty();
		});

		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(insideTransaction).containsExactly(false));
		assertThat(this.node.told).extracting(Release::number).containsExactly(1L);
	}

	@Test
	void releaseInATransactionThatRollsBackMovesNothingAndIsNotTold() {
		UUID build = build();

		this.node.transaction.executeWithoutResult((status) -> {
			this.node.releases.release(build);
			status.setRollbackOnly();
		});

		assertThat(this.node.releases.current("catalog", "north")).isEmpty();
		assertThat(this.node.told).isEmpty();
	}

	@Test
	void releaseOfTheLiveBuildIsNotToldAgain() {
		UUID build = build();
		this.node.releases.release(build);

		Release again = this.node.releases.release(build);

		assertThat(again.number()).isEqualTo(1);
		assertThat(this.node.told).hasSize(1);
	}

	private UUID build() {
		try (Build build = this.node.builds.open("catalog", "north")) {
			build.writer().write(new Catalog(1, "north", 0));
			return build.seal().buildStrate();
		}
	}

}
