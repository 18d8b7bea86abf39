package org.everpost.core.config;

import java.util.List;
import java.util.stream.Collectors;

/** Everything that is wrong with a configuration file. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<ConfigProblem> problems;

  ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of the file. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
