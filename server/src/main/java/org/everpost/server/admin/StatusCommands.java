package org.everpost.server.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.server.data.Foundation;

/** {@code everpost status} and {@code everpost version}. */
final class StatusCommands {

  private StatusCommands() {}

  static int version(Arguments arguments, Console console) throws IOException {
    console.line(
        arguments.flag("--json")
            ? Json.text(Map.of("version", Version.TEXT, "java", Runtime.version().toString()))
            : "everpost " + Version.TEXT);
    return 0;
  }

  static int status(Premises premises, Arguments arguments, Console console) throws IOException {
    Foundation foundation = premises.foundation();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("running", premises.server() != null);
    status.put("version", Version.TEXT);
    status.put("hostname", foundation.config().hostname().ascii());
    status.put("data", foundation.config().data().toString());
    Map<String, Object> store = new LinkedHashMap<>();
    store.put("engine", foundation.config().store().engine());
    store.put("state", foundation.storeState());
    status.put("store", store);
    if (premises.server() != null) {
      status.putAll(premises.server().now());
    }
    print(status, arguments, console);
    return 0;
  }

  /** Names and values, for people or for scripts. */
  static void print(Map<String, Object> values, Arguments arguments, Console console)
      throws IOException {
    if (arguments.flag("--json")) {
      console.line(Json.text(values));
    } else {
      show(values, "", console);
    }
  }

  private static void show(Map<?, ?> values, String indent, Console console) throws IOException {
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      String name = indent + entry.getKey() + ":";
      switch (entry.getValue()) {
        case Map<?, ?> map -> {
          console.line(name);
          show(map, indent + "  ", console);
        }
        case List<?> list ->
            console.line(
                name + " " + String.join(", ", list.stream().map(String::valueOf).toList()));
        default -> console.line(name + " " + entry.getValue());
      }
    }
  }
}
