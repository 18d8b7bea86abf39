package org.everpost.server.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.core.config.ConfigProblem;

/** Says why a command was not done: to people, and with {@code --json} to programs, too. */
record Refusal(String reason, List<ConfigProblem> problems) {

  Refusal {
    problems = List.copyOf(problems);
  }

  static Refusal of(String reason) {
    return new Refusal(reason, List.of());
  }

  void tell(Console console, boolean json) throws IOException {
    if (problems.isEmpty()) {
      console.err("everpost: " + reason);
    }
    for (ConfigProblem problem : problems) {
      console.err(problem.toString());
    }
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("error", reason);
      if (!problems.isEmpty()) {
        fields.put("problems", problems.stream().map(Refusal::json).toList());
      }
      console.line(Json.text(fields));
    }
  }

  private static Map<String, Object> json(ConfigProblem problem) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", problem.file().toString());
    if (problem.line() > 0) {
      fields.put("line", problem.line());
      fields.put("column", problem.column());
    }
    fields.put("message", problem.message());
    if (problem.nearest() != null) {
      fields.put("nearest", problem.nearest());
    }
    return fields;
  }
}
