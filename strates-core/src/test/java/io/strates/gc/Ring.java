package io.strates.gc;

import java.util.ArrayList;
import java.util.List;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.jspecify.annotations.NullUnmarked;

/** Entities that refer to each other in circles. */
@NullUnmarked
public final class Ring {

	private Ring() {
	}

	/** Refers to its own kind without exception. */
	@Entity(name = "Step")
	@Stratified(scope = "ring", root = true)
	public static class Step extends StratifiedEntity {

		@Id
		private Long id;

		@ManyToOne(fetch = FetchType.LAZY, optional = false)
		private Step previous;

		@ElementCollection
		private List<String> notes = new ArrayList<>();

		protected Step() {
		}

		public Step(long id, Step previous) {
			this.id = id;
			this.previous = (previous != null) ? previous : this;
		}

		@Override
		public Long getId() {
			return this.id;
		}

		public Step getPrevious() {
			return this.previous;
		}

		public List<String> getNotes() {
			return this.notes;
		}

	}

	/** Refers to a member, which refers to its team. */
	@Entity(name = "Team")
	@Stratified(scope = "ring")
	public static class Team extends StratifiedEntity {

		@Id
		private Long id;

		@ManyToOne(fetch = FetchType.LAZY)
		private Member leader;

		protected Team() {
		}

		public Team(long id) {
			this.id = id;
		}

		@Override
		public Long getId() {
			return this.id;
		}

		public Member getLeader() {
			return this.leader;
		}

	}

	/** Refers to its team without exception. */
	@Entity(name = "Member")
	@Stratified(scope = "ring")
	public static class Member extends StratifiedEntity {

		@Id
		private String id;

		@ManyToOne(fetch = FetchType.LAZY, optional = false)
		private Team team;

		protected Member() {
		}

		public Member(String id, Team team) {
			this.id = id;
			this.team = team;
		}

		@Override
		public String getId() {
			return this.id;
		}

		public Team getTeam() {
			return this.team;
		}

	}

}
