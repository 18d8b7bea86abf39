package org.everpost.wire.spf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a domain says about who may send in its name (RFC 7208 §3).
 *
 * @param directives in their order: the first that matches decides (§4.6.2)
 * @param redirect whose record decides if none of them does (§6.1); null: nobody's
 * @param explanation where a text is for those who were refused (§6.2); null: nowhere
 */
public record SpfRecord(
    List<Directive> directives, @Nullable MacroString redirect, @Nullable MacroString explanation) {

  private static final String VERSION = "v=spf1";

  public SpfRecord {
    directives = List.copyOf(directives);
  }

  /** Whether a TXT record is one, good or bad (§4.5). */
  public static boolean isSpf(String text) {
    return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
        && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
  }

  /**
   * Parses one.
   *
   * @param text the strings of a TXT record joined (§3.3)
   * @throws SpfSyntaxException if there is an error anywhere in it (§4.6)
   */
  public static SpfRecord parse(String text) throws SpfSyntaxException {
    if (!isSpf(text)) {
      throw SpfSyntaxException.of("it does not begin with " + VERSION);
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        throw SpfSyntaxException.of("it has other characters than visible ASCII");
      }
    }
    List<Directive> directives = new ArrayList<>();
    MacroString redirect = null;
    MacroString explanation = null;
    for (String term : text.substring(VERSION.length()).split(" ", -1)) {
      int end = TermParser.modifierName(term);
      if (end < 0) {
        if (!term.isEmpty()) {
          directives.add(TermParser.directive(term));
        }
        continue;
      }
      String value = term.substring(end + 1);
      switch (TermParser.lower(term.substring(0, end))) {
        case "redirect" -> redirect = once(redirect, value, term);
        case "exp" -> explanation = once(explanation, value, term);
        default -> MacroParser.unknown(value);
      }
    }
    return new SpfRecord(directives, redirect, explanation);
  }

  /** §6: these two must not be there twice. */
  private static MacroString once(@Nullable MacroString before, String value, String term)
      throws SpfSyntaxException {
    if (before != null) {
      throw SpfSyntaxException.in(term, "is there for the second time");
    }
    return MacroParser.domain(value);
  }

  /** Whether an {@code all} is in it: then there is nothing left to redirect (§5.1, §6.1). */
  public boolean hasAll() {
    return directives.stream().anyMatch(d -> d.mechanism() instanceof Mechanism.All);
  }

  /** As it is written, without modifiers nobody knows. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(VERSION);
    directives.forEach(directive -> text.append(' ').append(directive));
    if (redirect != null) {
      text.append(" redirect=").append(redirect);
    }
    if (explanation != null) {
      text.append(" exp=").append(explanation);
    }
    return text.toString();
  }
}
