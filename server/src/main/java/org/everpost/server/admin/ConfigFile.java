package org.everpost.server.admin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the configuration is, found without reading it, nor what was typed. */
final class ConfigFile {

  static final String OPTION = "--config";
  static final Path SYSTEM = Path.of("/etc/everpost/everpost.toml");

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
}
