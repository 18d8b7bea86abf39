package org.everpost.core.zone;

import java.util.List;
import java.util.Objects;
import org.everpost.core.dns.Resolver;
import org.everpost.wire.dkim.DkimKeyRecord;

/**
 * A record a domain should have.
 *
 * @param name absolute, without the final dot; empty: only who runs the machine knows it
 * @param data as in a zone file, a text without its quotation marks; empty: likewise
 * @param notes for people, a line each
 */
public record ZoneRecord(
    Topic topic, String name, String type, String data, Use use, List<String> notes, Check check) {

  /** Long enough to be remembered, short enough to mend a mistake. */
  private static final int TTL_SECONDS = 3_600;

  public ZoneRecord {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(use, "use");
    notes = List.copyOf(notes);
    Objects.requireNonNull(check, "check");
  }

  /** What it is for. */
  public enum Topic {
    MX("Where mail for the domain goes."),
    ADDRESS("The addresses of this server."),
    SPF("Who sends mail of the domain (SPF)."),
    DKIM("With which keys it is signed (DKIM)."),
    DMARC("What others shall do with mail that fails both (DMARC)."),
    TLS_RPT("Where others report trouble with TLS (TLS-RPT)."),
    SERVICES("Where mail programs find the servers (SRV)."),
    MTA_STS("That mail comes over TLS only (MTA-STS)."),
    AUTOCONFIG("Where mail programs find their settings."),
    PTR("The names of the addresses mail leaves from.");

    private final String title;

    Topic(String title) {
      this.title = title;
    }

    /** One line. */
    public String title() {
      return title;
    }
  }

  /** Who needs it. */
  public enum Use {
    /** Mail suffers without it. */
    NEEDED,
    /** It makes life easier. */
    USEFUL,
    /** Mail suffers without it, and it is in another zone than the domain's. */
    ELSEWHERE,
    /** Mail suffers without it, and a part of it only who runs the machine knows. */
    INCOMPLETE,
    /** It is for what this server does not serve yet. */
    LATER
  }

  /** Looks for a record. */
  @FunctionalInterface
  public interface Check {
    Finding ask(Resolver resolver);
  }

  /** Whether something is amiss if it is not there. */
  public boolean isNeeded() {
    return switch (use) {
      case NEEDED, ELSEWHERE, INCOMPLETE -> true;
      case USEFUL, LATER -> false;
    };
  }

  /** Whether its line can go into the zone of the domain as it is. */
  public boolean isComplete() {
    return switch (use) {
      case NEEDED, USEFUL -> true;
      case ELSEWHERE, INCOMPLETE, LATER -> false;
    };
  }

  /**
   * Its line of a zone file (RFC 1035 §5.1); empty if nothing of it is known. What is not known
   * stands in angle brackets.
   */
  public String line() {
    if (name.isEmpty() && data.isEmpty()) {
      return "";
    }
    return (name.isEmpty() ? "<reverse name of its address>" : name + ".")
        + " "
        + TTL_SECONDS
        + " IN "
        + type
        + " "
        + (data.isEmpty() ? "<its address>" : type.equals("TXT") ? quoted(data) : data);
  }

  /** In strings of 255 octets at most (RFC 1035 §3.3). */
  private static String quoted(String text) {
    List<String> strings =
        DkimKeyRecord.strings(text).stream()
            .map(s -> "\"" + s.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
            .toList();
    return String.join(" ", strings);
  }
}
