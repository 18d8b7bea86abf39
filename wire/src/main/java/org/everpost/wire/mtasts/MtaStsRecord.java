package org.everpost.wire.mtasts;

import java.util.List;
import java.util.regex.Pattern;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A domain's word that it has a policy (RFC 8461 §3.1).
 *
 * @param id another one means another policy: 1 to 32 letters and digits
 */
public record MtaStsRecord(String id) {

  /** Where the policy is there (§3.2). */
  public static final String POLICY_PATH = "/.well-known/mta-sts.txt";

  private static final String VERSION = "v=STSv1";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
  private static final Pattern EXTENSION =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[!-:<>-~]+");

  private static final int MAX_LENGTH = 2000;

  public MtaStsRecord {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an id has 1 to 32 letters and digits");
    }
  }

  /** Where the record of a domain is; null if its name is too long to have one. */
  public static @Nullable DomainName nameOf(DomainName domain) {
    return domain.below("_mta-sts");
  }

  /** Whose web server has the policy of a domain (§3.3); null if its name is too long for that. */
  public static @Nullable DomainName policyHost(DomainName domain) {
    return domain.below("mta-sts");
  }

  /**
   * The one record among the TXT records of a name; null if there is none, or several.
   *
   * @param texts the strings of each joined
   */
  public static @Nullable MtaStsRecord of(List<String> texts) {
    List<String> candidates = texts.stream().filter(MtaStsRecord::isCandidate).toList();
    return candidates.size() == 1 ? parse(candidates.getFirst()) : null;
  }

  /** Whether it is what §3.1 calls a record that begins with the version. */
  private static boolean isCandidate(String text) {
    return text.length() <= MAX_LENGTH
        && text.startsWith(VERSION)
        && text.substring(VERSION.length()).stripLeading().startsWith(";");
  }

  private static @Nullable MtaStsRecord parse(String text) {
    String[] fields = text.split(";", -1);
    String id = null;
    for (int i = 1; i < fields.length; i++) {
      String field = fields[i].strip();
      if (field.startsWith("id=") && id == null) {
        id = field.substring(3);
      } else if (!EXTENSION.matcher(field).matches()
          && !(field.isEmpty() && i == fields.length - 1)) {
        return null;
      }
    }
    return id != null && ID.matcher(id).matches() ? new MtaStsRecord(id) : null;
  }
}
