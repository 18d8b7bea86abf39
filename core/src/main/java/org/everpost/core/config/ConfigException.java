package org.everpost.core.config;

import java.util.List;

/** Everything that is wrong with a configuration file, one line each, with its place. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** {@code file:line:column: what is wrong}, in the order of the file. */
  public List<String> problems() {
    return problems;
  }
}
