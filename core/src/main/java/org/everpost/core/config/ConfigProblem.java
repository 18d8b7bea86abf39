package org.everpost.core.config;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a configuration file.
 *
 * @param line from 1 on; 0: the file as a whole
 * @param column from 1 on; 0: the file as a whole
 * @param nearest the known key, or value, that may have been meant; null if none is asked for
 */
public record ConfigProblem(
    Path file, int line, int column, String message, @Nullable String nearest) {

  public ConfigProblem {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(message, "message");
  }

  /** {@code file:line:column: what is wrong; did you mean this?}. */
  @Override
  public String toString() {
    String place = line == 0 ? file.toString() : file + ":" + line + ":" + column;
    String hint = nearest == null ? "" : "; did you mean '" + nearest + "'?";
    return place + ": " + message + hint;
  }
}
