package io.strates.entity.hibernate;

import java.util.List;

import org.hibernate.mapping.Column;

/**
 * The two columns of a composite key.
 *
 * @param build the column of the build
 * @param id the column of the application's own id
 */
record BuildKey(Column build, Column id) {

	List<Column> columns() {
		return List.of(this.build, this.id);
	}

}
