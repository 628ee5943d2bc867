package io.strates.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Tells what is wrong and what to do. Asked before Spring Boot's analyzers, of which the
 * one for properties would hide the remedy.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StratesStartFailureAnalyzer extends AbstractFailureAnalyzer<StratesStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StratesStartException cause) {
		return new FailureAnalysis(cause.getProblem() + ".", cause.getRemedy(), cause);
	}

}
