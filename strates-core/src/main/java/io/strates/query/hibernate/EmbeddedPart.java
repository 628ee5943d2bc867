package io.strates.query.hibernate;

import java.util.List;
import java.util.function.Consumer;

import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.spi.EmbeddableInstantiator;
import org.jspecify.annotations.Nullable;

/** An embeddable: whether there is one, and its parts. */
final class EmbeddedPart implements FlatPart {

	private final EmbeddableMappingType type;

	private final EmbeddableInstantiator instantiator;

	private final List<FlatPart> parts;

	private final List<String> names;

	EmbeddedPart(EmbeddableMappingType type, List<FlatPart> parts, List<String> names) {
		this.type = type;
		this.instantiator = type.getRepresentationStrategy().getInstantiator();
		this.parts = parts;
		this.names = names;
	}

	@Override
	public void describe(String attribute, Consumer<FlatPlace> places) {
		places.accept(new FlatPlace(attribute, Boolean.class));
		for (int index = 0; index < this.parts.size(); index++) {
			this.parts.get(index).describe(attribute + "." + this.names.get(index), places);
		}
	}

	@Override
	public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
		into.accept(value != null);
		for (int index = 0; index < this.parts.size(); index++) {
			this.parts.get(index).flatten((value != null) ? this.type.getValue(value, index) : null, into);
		}
	}

	@Override
	public @Nullable Object rebuild(Cursor from, Owner owner) {
		boolean present = Boolean.TRUE.equals(from.next());
		@Nullable Object[] values = new @Nullable Object[this.parts.size()];
		for (int index = 0; index < values.length; index++) {
			values[index] = this.parts.get(index).rebuild(from, owner);
		}
		return present ? this.instantiator.instantiate(() -> values) : null;
	}

}
