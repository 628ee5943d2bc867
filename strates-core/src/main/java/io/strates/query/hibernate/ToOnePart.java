package io.strates.query.hibernate;

import java.util.function.Consumer;

import io.strates.entity.StrateKey;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.proxy.LazyInitializer;
import org.hibernate.type.BasicType;
import org.hibernate.type.EntityType;
import org.hibernate.type.OneToOneType;
import org.jspecify.annotations.Nullable;

/** A lazy association to one: the id, of which a detached reference is made. */
final class ToOnePart implements FlatPart {

	private final EntityPersister target;

	private final Class<?> idType;

	private final boolean stratified;

	private ToOnePart(EntityPersister target, Class<?> idType, boolean stratified) {
		this.target = target;
		this.idType = idType;
		this.stratified = stratified;
	}

	/**
	 * Returns the part, or {@code null} if reading the reference takes more than its id.
	 */
	static @Nullable ToOnePart of(EntityType type, EntityPersister target, StratifiedModel model) {
		if (type instanceof OneToOneType || !type.isReferenceToPrimaryKey() || !target.hasProxy()
				|| target.isConcreteProxy() || target.getBytecodeEnhancementMetadata().isEnhancedForLazyLoading()) {
			return null;
		}
		StratifiedType stratified = model.find(target.getMappedClass());
		if (stratified != null) {
			return new ToOnePart(target, stratified.idType(), true);
		}
		return (target.getIdentifierType() instanceof BasicType<?> id && !id.isMutable()
				&& id.getValueConverter() == null) ? new ToOnePart(target, id.getReturnedClass(), false) : null;
	}

	@Override
	public void describe(String attribute, Consumer<FlatPlace> places) {
		places.accept(new FlatPlace(attribute, this.idType));
	}

	@Override
	public void flatten(@Nullable Object value, Consumer<@Nullable Object> into) {
		Object id = (value != null) ? identifier(value) : null;
		into.accept((id instanceof StrateKey key) ? key.id() : id);
	}

	private @Nullable Object identifier(Object value) {
		LazyInitializer reference = HibernateProxy.extractLazyInitializer(value);
		return (reference != null) ? reference.getInternalIdentifier() : this.target.getIdentifier(value);
	}

	@Override
	public @Nullable Object rebuild(Cursor from, Owner owner) {
		Object id = from.next();
		if (id == null) {
			return null;
		}
		if (!this.stratified) {
			return reference(id, owner);
		}
		Object known = owner.together().get(id);
		return (known != null && this.target.getMappedClass().isInstance(known)) ? known
				: reference(StrateKey.of(id, owner.buildStrate()), owner);
	}

	private Object reference(Object key, Owner owner) {
		HibernateProxy reference = (HibernateProxy) this.target.createProxy(key, owner.session());
		reference.getHibernateLazyInitializer().unsetSession();
		return reference;
	}

}
