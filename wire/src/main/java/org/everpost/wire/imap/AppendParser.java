package org.everpost.wire.imap;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands before each message of APPEND (RFC 9051 §6.3.12, RFC 3502 §6.3.11). */
final class AppendParser {

  /** The beginning of the command, up to its first message. */
  record Beginning(String tag, String mailbox, AppendMessage message) {}

  private final Scanner in;
  private final LiteralAnnouncement announced;
  private final int announcedAt;

  private AppendParser(Scanner in, LiteralAnnouncement announced, int announcedAt) {
    this.in = in;
    this.announced = announced;
    this.announcedAt = announcedAt;
  }

  /** Whether a command is APPEND, as far as it has come. */
  static boolean isAppend(byte[] bytes, int length) {
    Scanner in = new Scanner(bytes, length, false);
    try {
      in.tag();
      return in.accept(' ') && in.acceptWord("APPEND ");
    } catch (ImapSyntaxException _) {
      return false;
    }
  }

  /**
   * Parses what has come of an APPEND that ends with an announcement; null if that is not of a
   * message but of the mailbox name.
   *
   * @param announcedAt where the announcement begins
   */
  static @Nullable Beginning beginning(
      byte[] bytes, int length, boolean utf8, LiteralAnnouncement announced, int announcedAt)
      throws ImapSyntaxException {
    Scanner in = new Scanner(bytes, length, utf8);
    String tag = in.tag();
    in.space();
    in.name();
    in.space();
    if (in.position() == announcedAt && !announced.binary()) {
      return null;
    }
    String mailbox = in.mailbox();
    in.space();
    return new Beginning(tag, mailbox, new AppendParser(in, announced, announcedAt).message());
  }

  /** Parses what stands between two messages, from the space on. */
  static AppendMessage next(Scanner in, LiteralAnnouncement announced) throws ImapSyntaxException {
    in.space();
    return new AppendParser(in, announced, announced.start()).message();
  }

  private AppendMessage message() throws ImapSyntaxException {
    List<String> flags = List.of();
    if (in.nextIs('(')) {
      flags = in.flagList();
      in.space();
    }
    Instant date = null;
    if (in.nextIs('"')) {
      date = ImapDateTime.parse(in.decode(in.stringOctets()));
      if (date == null) {
        throw in.error("Not a date and time");
      }
      in.space();
    }
    // RFC 6855 §4: "UTF8" SP "(" literal8 ")".
    boolean utf8 = in.acceptWord("UTF8 (");
    if (in.position() != announcedAt || (utf8 && !announced.binary())) {
      throw in.error("Expected the message");
    }
    return new AppendMessage(flags, date, announced.binary(), utf8, announced.size());
  }
}
