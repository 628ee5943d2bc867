package io.strates.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import org.hibernate.annotations.JavaType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.StringJavaType;
import org.jspecify.annotations.Nullable;

/** An entity with a column of text that holds something else than its texts. */
@Entity
@Tiered
class Crate {

	@Id
	long id;

	@JavaType(Turned.class)
	@Nullable String turned;

	Crate() {
	}

	Crate(long id, String text) {
		this.id = id;
		this.turned = text;
	}

	/** Writes texts from their end. */
	static final class Turned extends StringJavaType {

		private static final long serialVersionUID = 1L;

		@Override
		@SuppressWarnings("unchecked")
		public <X> X unwrap(String value, Class<X> type, WrapperOptions options) {
			return (value == null) ? null : (X) new StringBuilder(value).reverse().toString();
		}

		@Override
		public <X> String wrap(X value, WrapperOptions options) {
			String text = super.wrap(value, options);
			return (text == null) ? null : new StringBuilder(text).reverse().toString();
		}

	}

	/** An entity with a column of text that holds where its texts are. */
	@Entity(name = "Chest")
	@Tiered
	static class Chest {

		@Id
		long id;

		@Lob
		@Column(columnDefinition = "text")
		@Nullable String large;

		Chest() {
		}

		Chest(long id, String text) {
			this.id = id;
			this.large = text;
		}

	}

}
