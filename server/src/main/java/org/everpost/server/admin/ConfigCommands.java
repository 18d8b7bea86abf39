package org.everpost.server.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigText;
import org.everpost.server.net.CertificateFileException;
import org.everpost.server.net.Certificates;

/** {@code everpost config}. */
final class ConfigCommands {

  private ConfigCommands() {}

  /** What is wrong with the file itself was told before this. */
  static int check(Config config, Arguments arguments, Console console)
      throws IOException, CommandException {
    Config.Tls tls = config.tls();
    if (tls.certificate() != null && tls.key() != null) {
      try {
        Certificates.check(tls.certificate(), tls.key());
      } catch (CertificateFileException e) {
        throw new CommandException(String.valueOf(e.getMessage()), e);
      }
    }
    console.line(
        arguments.flag("--json")
            ? Json.text(Map.of("file", config.file().toString(), "problems", List.of()))
            : config.file() + ": ok");
    return 0;
  }

  static int show(Config config, Arguments arguments, Console console) throws IOException {
    if (arguments.flag("--json")) {
      console.line(Json.text(nested(ConfigText.values(config))));
    } else {
      console.out("# " + config.file() + ", with defaults\n" + ConfigText.toml(config));
    }
    return 0;
  }

  /** {@code a.b.c = 1} as a table in a table. */
  private static Map<String, Object> nested(Map<String, Object> values) {
    Map<String, Object> tree = new LinkedHashMap<>();
    values.forEach((name, value) -> put(tree, name, value));
    return tree;
  }

  @SuppressWarnings("unchecked") // only put() fills the tree
  private static void put(Map<String, Object> table, String name, Object value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      table.put(name, value);
    } else {
      Object inner = table.computeIfAbsent(name.substring(0, dot), n -> new LinkedHashMap<>());
      put((Map<String, Object>) inner, name.substring(dot + 1), value);
    }
  }
}
