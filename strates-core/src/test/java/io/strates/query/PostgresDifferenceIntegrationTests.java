package io.strates.query;

import java.util.UUID;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.query.Difference.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The difference of two builds on PostgreSQL.
 */
class PostgresDifferenceIntegrationTests extends DifferenceContract {

	@Override
	DevDatabase newDatabase() {
		return DevPostgres.newDatabase();
	}

	@Test
	void typesWithoutEqualityAreComparedByContent() {
		try (TestNode documents = TestNode.builder(newDatabase()).entities(Document.class).build()) {
			UUID from = document(documents, "a long text", "{\"a\": 1}");
			UUID same = document(documents, "a long text", "{\"a\": 1}");
			UUID otherText = document(documents, "another text", "{\"a\": 1}");
			UUID otherJson = document(documents, "a long text", "{\"a\": 2}");
			UUID noText = document(documents, null, "{\"a\": 1}");
			DifferenceQuery query = new DifferenceQuery(documents.dataSource, documents.database,
					documents.mapping::schema);

			assertThat(query.between(documents.mapping.model().require(Document.class), from, same)).isEmpty();
			for (UUID to : new UUID[] { otherText, otherJson, noText }) {
				assertThat(query.between(documents.mapping.model().require(Document.class), from, to))
					.containsExactly(new Difference(1L, Kind.CHANGED));
			}
		}
	}

	private static UUID document(TestNode node, String text, String json) {
		try (Build build = node.builds.open("documents", "north")) {
			node.jdbc
				.sql("insert into document (build_strate, id, text, json) values (?, 1,"
						+ " lo_from_bytea(0, convert_to(?, 'UTF8')), cast(? as json))")
				.params(build.buildStrate(), text, json)
				.update();
			return build.buildStrate();
		}
	}

}
