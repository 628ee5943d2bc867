package io.strates.boot.autoconfigure;

import java.io.PrintStream;
import java.util.List;

import io.strates.boot.stored.Memo;
import io.strates.store.TieredStore;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;

/**
 * An application that writes memos until it is killed, and tells its output of each that
 * was acknowledged.
 */
public final class MemoWriter {

	/** The memo that is written again and again; each other one is written once. */
	static final String HOT = "hot";

	private static final PrintStream out = System.out;

	private MemoWriter() {
	}

	/**
	 * Runs until killed.
	 * @param args the first number to write, then properties as Spring Boot takes them
	 */
	public static void main(String[] args) {
		String[] properties = List.of(args).subList(1, args.length).toArray(String[]::new);
		TieredStore<Memo, String> memos = memos(start(properties));
		for (int number = Integer.parseInt(args[0]); true; number++) {
			String text = Integer.toString(number);
			memos.putAll(List.of(new Memo("m" + text, text), new Memo(HOT, text)));
			out.println("acknowledged " + text);
			out.flush();
		}
	}

	static ConfigurableApplicationContext start(String... properties) {
		SpringApplication application = new SpringApplication(Memos.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run(properties);
	}

	@SuppressWarnings("unchecked")
	static TieredStore<Memo, String> memos(ConfigurableApplicationContext context) {
		return (TieredStore<Memo, String>) context
			.getBeanProvider(ResolvableType.forClassWithGenerics(TieredStore.class, Memo.class, String.class))
			.getObject();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class Memos {

	}

}
