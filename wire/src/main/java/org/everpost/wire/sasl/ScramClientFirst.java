package org.everpost.wire.sasl;

import org.jspecify.annotations.Nullable;

/**
 * The first message of a SCRAM client (RFC 5802 §7, {@code client-first-message}).
 *
 * @param gs2Header as sent, with its last comma
 * @param bindingFlag {@code n}, {@code y} or {@code p}
 * @param bindingType with flag {@code p}; else empty
 * @param bare the rest, as sent
 */
record ScramClientFirst(
    String gs2Header,
    char bindingFlag,
    String bindingType,
    String authorizationIdentity,
    String bare,
    String login,
    String nonce) {

  private static final int MAX_NONCE = 256;

  /** Null if it does not follow the grammar or demands an extension. */
  static @Nullable ScramClientFirst parse(String message) {
    int behindFlag = message.indexOf(',');
    int behindHeader = message.indexOf(',', behindFlag + 1);
    if (behindFlag < 1 || behindHeader < 0) {
      return null;
    }
    String flag = message.substring(0, behindFlag);
    boolean bound = flag.startsWith("p=") && flag.length() > 2;
    if (!bound && !flag.equals("n") && !flag.equals("y")) {
      return null;
    }
    String identity = identity(message.substring(behindFlag + 1, behindHeader));
    String bare = message.substring(behindHeader + 1);
    String[] attributes = bare.split(",", -1); // m= (an extension we must know) is no n=
    if (identity == null || attributes.length < 2 || !attributes[0].startsWith("n=")) {
      return null;
    }
    String login = saslName(attributes[0].substring(2));
    String nonce = attributes[1].startsWith("r=") ? attributes[1].substring(2) : "";
    if (login == null || !isNonce(nonce)) {
      return null;
    }
    return new ScramClientFirst(
        message.substring(0, behindHeader + 1),
        flag.charAt(0),
        bound ? flag.substring(2) : "",
        identity,
        bare,
        login,
        nonce);
  }

  private static @Nullable String identity(String field) {
    if (field.isEmpty()) {
      return "";
    }
    return field.startsWith("a=") ? saslName(field.substring(2)) : null;
  }

  /** {@code saslname}: not empty, comma and equals sign written =2C and =3D. */
  private static @Nullable String saslName(String text) {
    StringBuilder name = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\0') {
        return null;
      }
      if (c != '=') {
        name.append(c);
      } else if (text.startsWith("2C", i + 1)) {
        name.append(',');
        i += 2;
      } else if (text.startsWith("3D", i + 1)) {
        name.append('=');
        i += 2;
      } else {
        return null;
      }
    }
    return name.isEmpty() ? null : name.toString();
  }

  private static boolean isNonce(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_NONCE
        && text.chars().allMatch(c -> c > 32 && c < 127);
  }
}
