package org.everpost.server.imap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.everpost.core.mailbox.FlagNames;
import org.everpost.core.mailbox.Flags;
import org.everpost.wire.imap.Flag;

/** The flags of one mailbox: from bits to what a client reads, and back (RFC 9051 §2.3.2). */
final class FlagList {

  /** By bit, as in {@link Flags}. */
  private static final List<String> SYSTEM =
      List.of(Flag.SEEN, Flag.ANSWERED, Flag.FLAGGED, Flag.DELETED, Flag.DRAFT);

  private final List<String> keywords;
  private long lastFlags;
  private List<String> lastNames = List.of();

  /**
   * @param keywords of the mailbox, in the order of their bits
   */
  FlagList(List<String> keywords) {
    this.keywords = keywords;
  }

  /** The names of these flags. */
  List<String> names(long flags) {
    if (flags != lastFlags) {
      List<String> names = new ArrayList<>(Long.bitCount(flags));
      for (long rest = flags; rest != 0; rest &= rest - 1) {
        int bit = Long.numberOfTrailingZeros(rest);
        int keyword = bit - Flags.FIRST_KEYWORD;
        if (keyword < keywords.size()) {
          names.add(keyword < 0 ? SYSTEM.get(bit) : keywords.get(keyword));
        }
      }
      lastFlags = flags;
      lastNames = names;
    }
    return lastNames;
  }

  /** What FLAGS lists (RFC 9051 §7.3.5). */
  List<String> all() {
    List<String> all = new ArrayList<>(SYSTEM);
    all.addAll(keywords);
    return all;
  }

  /** What PERMANENTFLAGS lists (RFC 9051 §7.1). */
  List<String> permanent() {
    List<String> all = all();
    if (keywords.size() < Flags.MAX_KEYWORDS) {
      all.add("\\*");
    }
    return all;
  }

  /** Flags a client gave; a system flag nobody knows is left out. */
  static FlagNames parse(List<String> flags) {
    long system = 0;
    Set<String> keywords = new HashSet<>();
    for (String flag : flags) {
      if (flag.startsWith("\\")) {
        system |= Flags.system(flag);
      } else {
        keywords.add(flag);
      }
    }
    return new FlagNames(system, keywords);
  }

  /** Whether a keyword is longer than one may be. */
  static boolean isTooLong(List<String> flags) {
    return flags.stream().anyMatch(flag -> flag.length() > Flags.MAX_KEYWORD_LENGTH);
  }
}
