package io.strates.boot.autoconfigure;

import java.util.stream.Collectors;

import io.strates.entity.MappingFault;
import io.strates.entity.StratesMappingException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Lists every fault of the stratified entities, and for each what to write instead. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StratesMappingFailureAnalyzer extends AbstractFailureAnalyzer<StratesMappingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StratesMappingException cause) {
		String problems = cause.getFaults()
			.stream()
			.map((fault) -> "    - " + fault.where() + " " + fault.problem())
			.collect(Collectors.joining("\n", "Stratified entities are declared wrongly:\n\n", ""));
		String remedies = cause.getFaults()
			.stream()
			.map(StratesMappingFailureAnalyzer::remedy)
			.collect(Collectors.joining("\n", "Change each of them:\n\n", ""));
		return new FailureAnalysis(problems, remedies, cause);
	}

	private static String remedy(MappingFault fault) {
		return "    - " + fault.where() + ": " + fault.remedy();
	}

}
