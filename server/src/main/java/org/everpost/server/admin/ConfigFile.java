package org.everpost.server.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the configuration is, found without reading it, nor what was typed. */
final class ConfigFile {

  static final String OPTION = "--config";
  static final Path SYSTEM = Path.of("/etc/everpost/everpost.toml");

  private static final String DATA = "data";
  private static final int MAX_OCTETS = 1 << 20;

  private ConfigFile() {}

  /** The last that is named, as far as can be told from words that nobody has read. */
  static @Nullable String named(List<String> words) {
    String name = null;
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith(OPTION + "=")) {
        name = words.get(i).substring(OPTION.length() + 1);
      } else if (words.get(i).equals(OPTION) && i + 1 < words.size()) {
        name = words.get(i + 1);
      }
    }
    return name;
  }

  /** The one that is named, or the first there is; null if there is none. */
  static @Nullable Path find(Path directory, @Nullable String named) {
    if (named != null) {
      return Path.of(named);
    }
    Path here = directory.resolve("everpost.toml");
    if (Files.exists(here)) {
      return here;
    }
    return Files.exists(SYSTEM) ? SYSTEM : null;
  }

  /**
   * The data directory, where a plain line {@code data = "..."} before all tables says it; null if
   * it takes more to know.
   */
  static @Nullable Path data(Path file) {
    try {
      if (Files.size(file) > MAX_OCTETS) {
        return null;
      }
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        String text = line.strip();
        if (text.startsWith("[")) {
          return null;
        }
        String value = text.startsWith(DATA) ? text.substring(DATA.length()).strip() : "";
        if (value.startsWith("=")) {
          return quoted(file, value.substring(1).strip());
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Path quoted(Path file, String value) {
    int end = value.length() - 1;
    boolean plain =
        end > 1
            && value.charAt(0) == '"'
            && value.indexOf('"', 1) == end
            && value.indexOf('\\') < 0;
    Path directory = file.toAbsolutePath().getParent();
    return plain && directory != null ? directory.resolve(value.substring(1, end)) : null;
  }
}
