package org.everpost.e2e;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server for the tests of one class, with some accounts. After the last test it has to stop in
 * good order.
 */
final class Everpost implements BeforeAllCallback, AfterAllCallback {

  static final String DOMAIN = "example.test";

  /** Of all of them: with what a careless client would not quote. */
  static final String PASSWORD = "corr\"ect h\\orse %1";

  private static final int USERS = 40;

  private final String[] configuration;
  private final AtomicInteger given = new AtomicInteger();
  private @Nullable Installation installation;
  private @Nullable EverpostProcess process;

  /** With lines added to the usual configuration. */
  Everpost(String... configuration) {
    this.configuration = configuration.clone();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Installation its =
        Installation.create(context.getRequiredTestClass().getSimpleName(), configuration);
    installation = its;
    its.addDomain(DOMAIN);
    its.importAccounts(IntStream.range(0, USERS).mapToObj(Everpost::user).toList(), PASSWORD);
    process = its.serve();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (process != null) {
      process.close();
    }
    if (installation != null) {
      installation.delete();
    }
  }

  private static String user(int number) {
    return "user" + number + "@" + DOMAIN;
  }

  /** An account no other test uses. */
  String newUser() {
    int number = given.getAndIncrement();
    if (number >= USERS) {
      throw new IllegalStateException("too few accounts");
    }
    return user(number);
  }

  Installation installation() {
    return Objects.requireNonNull(installation);
  }

  EverpostProcess process() {
    return Objects.requireNonNull(process);
  }

  int port(String service) {
    return installation().port(service);
  }

  /** For what tests put beside the server. */
  Path directory() {
    return installation().directory();
  }
}
