package io.strates.store;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InMemoryJournalTests extends WriteJournalContract {

	@Override
	protected WriteJournal empty() {
		return new InMemoryJournal();
	}

	@Test
	void isNotDurable() {
		assertThat(this.journal.durable()).isFalse();
	}

}
