package org.everpost.core.event;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Events as lines of {@code key=value}: the keys are the names of the record's components, so a
 * field is never written under two names. Values with anything but plain characters are quoted; no
 * control character gets through, so nobody can forge a line.
 */
final class Logfmt {

  private static final int MAX_VALUE_CHARACTERS = 2_000;
  private static final int MAX_TRACE_CHARACTERS = 6_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** What does not change from event to event of a class. */
  private record Form(String name, List<RecordComponent> components) {}

  private final ClassValue<Form> forms =
      new ClassValue<>() {
        @Override
        protected Form computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          return new Form(name(type), components == null ? List.of() : List.of(components));
        }
      };

  /** {@code connection.session-failed} for {@code ConnectionEvent.SessionFailed}. */
  static String name(Class<?> type) {
    Class<?> family = type.getEnclosingClass();
    String own = hyphenated(type.getSimpleName());
    if (family == null) {
      return own;
    }
    String feature = family.getSimpleName();
    return hyphenated(
            feature.endsWith("Event") ? feature.substring(0, feature.length() - 5) : feature)
        + "."
        + own;
  }

  private static String hyphenated(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** Appends one line with its end. */
  void append(StringBuilder line, Instant time, Event event) {
    Form form = forms.get(event.getClass());
    TIME.formatTo(time, line.append("time="));
    line.append(" level=").append(event.level().name().toLowerCase(Locale.ROOT));
    line.append(" event=").append(form.name);
    for (RecordComponent component : form.components) {
      Object value = value(component, event);
      if (value != null) {
        line.append(' ').append(component.getName()).append('=');
        appendValue(line, value instanceof Throwable cause ? trace(cause) : value.toString());
      }
    }
    line.append('\n');
  }

  private static @Nullable Object value(RecordComponent component, Event event) {
    try {
      return component.getAccessor().invoke(event);
    } catch (IllegalAccessException | InvocationTargetException e) {
      return "unreadable";
    }
  }

  private static String trace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    String trace = text.toString().strip();
    return trace.length() <= MAX_TRACE_CHARACTERS
        ? trace
        : trace.substring(0, MAX_TRACE_CHARACTERS) + "…";
  }

  private static void appendValue(StringBuilder line, String value) {
    String text =
        value.length() <= MAX_TRACE_CHARACTERS + 1
            ? value
            : value.substring(0, MAX_VALUE_CHARACTERS) + "…";
    if (isPlain(text)) {
      line.append(text);
      return;
    }
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          // Format characters can turn the text around or hide in it.
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 127 || c == '"' || c == '=' || c == '\\') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
