package io.strates.boot.autoconfigure;

import io.strates.query.ReadModel;
import io.strates.query.ReadModels;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Declares the application's read models, and says at the start which cannot work. */
final class ReadModelDeclarations implements SmartInitializingSingleton {

	private final ReadModels readModels;

	private final ObjectProvider<ReadModel<?, ?>> models;

	ReadModelDeclarations(ReadModels readModels, ObjectProvider<ReadModel<?, ?>> models) {
		this.readModels = readModels;
		this.models = models;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.models.orderedStream().forEach(this::declare);
	}

	private void declare(ReadModel<?, ?> model) {
		try {
			this.readModels.declare(model);
		}
		catch (IllegalArgumentException ex) {
			throw new StratesStartException(String.valueOf(ex.getMessage()),
					"Change the bean that declares the read model " + model.type().getName() + ".");
		}
	}

}
