package org.everpost.wire.dsn;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a notification says to the person who sent the message. */
final class HumanText {

  private static final int LINE_LENGTH = 72;

  /** Kept of what a server said. */
  private static final int MAX_QUOTE = 1000;

  private static final int MAX_SUBJECT = 200;

  private final Language language;
  private final DeliveryStatus status;
  private final Instant now;
  private final StringBuilder out = new StringBuilder(2048);

  HumanText(Language language, DeliveryStatus status, Instant now) {
    this.language = language;
    this.status = status;
    this.now = now;
  }

  /** The subject of the notification. */
  static String subject(Language language, Action worst) {
    return switch (worst) {
      case FAILED ->
          language.choose(
              "Your message could not be delivered",
              "Ihre Nachricht konnte nicht zugestellt werden");
      case DELAYED -> language.choose("Your message is delayed", "Ihre Nachricht verspätet sich");
      case RELAYED ->
          language.choose(
              "Your message was passed on to another server",
              "Ihre Nachricht wurde an einen anderen Server weitergegeben");
      case EXPANDED, DELIVERED ->
          language.choose("Your message was delivered", "Ihre Nachricht wurde zugestellt");
    };
  }

  /** With CR LF at line ends, lines of bounded length. */
  String render(@Nullable String originalSubject, Enclosure enclosure) {
    TypedValue mta = status.reportingMta();
    paragraph(
        "",
        language.choose(
                "This is an automatic message of the mail server ",
                "Dies ist eine automatische Nachricht des Mailservers ")
            + (mta == null ? "" : mta.value())
            + ".");
    if (originalSubject != null && !originalSubject.isBlank()) {
      paragraph(
          "",
          language.choose("It is about your message ", "Es geht um Ihre Nachricht ")
              + "\""
              + SafeText.line(originalSubject, MAX_SUBJECT)
              + "\".");
    }
    for (Action action : Action.values()) {
      List<RecipientStatus> concerned =
          status.recipients().stream().filter(r -> r.action() == action).toList();
      if (!concerned.isEmpty()) {
        line("");
        paragraph("", introduction(action));
        concerned.forEach(this::recipient);
      }
    }
    line("");
    paragraph("", enclosed(enclosure));
    return out.toString();
  }

  private String introduction(Action action) {
    return switch (action) {
      case FAILED ->
          language.choose(
              "It could NOT be delivered to:", "Sie konnte NICHT zugestellt werden an:");
      case DELAYED ->
          language.choose(
              "It could not be delivered yet, and we go on trying. You need not do anything. It is"
                  + " on its way to:",
              "Sie konnte noch nicht zugestellt werden; wir versuchen es weiter. Sie brauchen"
                  + " nichts zu tun. Sie ist unterwegs an:");
      case RELAYED ->
          language.choose(
              "It was passed on to a server that does not tell whether it was delivered in the"
                  + " end. You may hear nothing more about:",
              "Sie wurde an einen Server weitergegeben, der nicht meldet, ob sie am Ende zugestellt"
                  + " wird. Vielleicht hören Sie nichts weiter über:");
      case EXPANDED ->
          language.choose(
              "It was delivered to the members of this list:",
              "Sie wurde an die Mitglieder dieser Liste verteilt:");
      case DELIVERED -> language.choose("It was delivered to:", "Sie wurde zugestellt an:");
    };
  }

  private void recipient(RecipientStatus r) {
    line("");
    line("  <" + r.recipient().value() + ">");
    TypedValue original = r.original();
    if (original != null && !original.value().equals(r.recipient().value())) {
      paragraph(
          "    ",
          language.choose("You wrote to <", "Sie schrieben an <") + original.value() + ">.");
    }
    if (r.action() == Action.FAILED || r.action() == Action.DELAYED) {
      Explanation explanation = Explanation.of(r.status());
      paragraph("    ", explanation.text(language) + time(r));
      if (r.action() == Action.FAILED) {
        paragraph("    ", explanation.advice(language));
      }
    }
    quote(r);
  }

  /** How long it was tried, or is going to be. */
  private String time(RecipientStatus r) {
    Instant arrival = status.arrivalDate();
    Instant until = r.willRetryUntil();
    if (r.isExpired()) {
      return arrival == null
          ? language.choose(" We have given up.", " Wir haben es aufgegeben.")
          : language.choose(
              " We have tried for " + duration(arrival, now) + " and have given up.",
              " Wir haben es " + duration(arrival, now) + " lang versucht und geben auf.");
    }
    if (r.action() == Action.DELAYED && until != null && until.isAfter(now)) {
      return language.choose(
          " We go on trying for another " + duration(now, until) + ".",
          " Wir versuchen es noch " + duration(now, until) + " lang.");
    }
    return "";
  }

  private String duration(Instant from, Instant to) {
    long minutes = Math.max(1, Duration.between(from, to).toMinutes());
    if (minutes < 120) {
      return counted(minutes, "minute", "minutes", "Minute", "Minuten");
    }
    long hours = (minutes + 30) / 60;
    if (hours < 48) {
      return counted(hours, "hour", "hours", "Stunde", "Stunden");
    }
    return counted((hours + 12) / 24, "day", "days", "Tag", "Tage");
  }

  private String counted(long n, String one, String many, String eins, String viele) {
    return n + " " + (n == 1 ? language.choose(one, eins) : language.choose(many, viele));
  }

  private void quote(RecipientStatus r) {
    TypedValue diagnostic = r.diagnostic();
    if (diagnostic == null
        || diagnostic.value().isEmpty()
        || r.action().compareTo(Action.RELAYED) > 0) {
      return;
    }
    TypedValue mta = r.remoteMta();
    if (mta == null) {
      paragraph("    ", language.choose("In detail:", "Im Einzelnen:"));
    } else {
      paragraph(
          "    ",
          language.choose(
              "The server " + mta.value() + " said:", "Der Server " + mta.value() + " sagte:"));
    }
    paragraph("      ", SafeText.line(diagnostic.value(), MAX_QUOTE));
  }

  private String enclosed(Enclosure enclosure) {
    return switch (enclosure) {
      case WHOLE -> language.choose("Your message is attached.", "Ihre Nachricht ist angehängt.");
      case HEADER ->
          language.choose(
              "The header of your message is attached; its text is not.",
              "Der Kopf Ihrer Nachricht ist angehängt, ihr Text nicht.");
    };
  }

  private void line(String text) {
    out.append(text).append("\r\n");
  }

  private void paragraph(String indent, String text) {
    int column = 0;
    for (String word : text.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > LINE_LENGTH) {
        line("");
        column = 0;
      }
      out.append(column == 0 ? indent : " ").append(word);
      column += (column == 0 ? indent.length() : 1) + word.length();
    }
    line("");
  }
}
