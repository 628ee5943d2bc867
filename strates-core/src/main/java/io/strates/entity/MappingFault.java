package io.strates.entity;

/**
 * One thing that is declared wrongly on a stratified entity.
 *
 * @param where the entity, with the attribute where there is one: {@code Product.tags}
 * @param problem what is wrong
 * @param remedy what to write instead
 * @since 0.1.0
 */
public record MappingFault(String where, String problem, String remedy) {

	@Override
	public String toString() {
		return this.where + ": " + this.problem + "; " + this.remedy;
	}

}
