package io.strates.query.hibernate;

import java.util.function.Consumer;

import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.type.CollectionType;
import org.jspecify.annotations.Nullable;

/** A lazy collection: nothing, since its owner's key says all of one that is not read. */
final class ManyPart implements FlatPart {

	private final CollectionPersister persister;

	private ManyPart(CollectionPersister persister) {
		this.persister = persister;
	}

	/** Returns the part, or {@code null} if such a collection cannot be left unread. */
	static @Nullable ManyPart of(CollectionType type, CollectionPersister persister) {
		return (!type.isArrayType() && type.useLHSPrimaryKey() && persister.isLazy()) ? new ManyPart(persister) : null;
	}

	@Override
	public void describe(String attribute, Consumer<FlatPlace> places) {
		// takes no place
	}

	@Override
	public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
		// takes no place
	}

	@Override
	public Object rebuild(Cursor from, Owner owner) {
		PersistentCollection<?> collection = this.persister.getCollectionSemantics()
			.instantiateWrapper(owner.key(), this.persister, owner.session());
		collection.setOwner(owner.entity());
		collection.setSnapshot(owner.key(), this.persister.getRole(), null);
		collection.unsetSession(owner.session());
		return collection;
	}

}
