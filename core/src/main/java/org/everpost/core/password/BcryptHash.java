package org.everpost.core.password;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** bcrypt: {@code $2a$}, {@code $2b$}, {@code $2y$}. */
final class BcryptHash implements HashForm {

  private static final int MIN_COST = 4;

  /** About three seconds. */
  private static final int MAX_COST = 15;

  private static final Pattern FORM =
      Pattern.compile("\\$2([abxy])\\$(\\d{2})\\$[./A-Za-z0-9]{53}");

  private final String hash;

  private BcryptHash(String hash) {
    this.hash = hash;
  }

  static BcryptHash parse(String text) throws UnusableHashException {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new UnusableHashException("not a complete bcrypt hash");
    }
    if (m.group(1).equals("x")) {
      throw new UnusableHashException("$2x$ hashes were made by a broken bcrypt");
    }
    int cost = Integer.parseInt(m.group(2));
    if (cost < MIN_COST || cost > MAX_COST) {
      throw new UnusableHashException("the cost of this bcrypt hash is not within 4 to 15");
    }
    return new BcryptHash(text);
  }

  @Override
  public boolean matches(String password) {
    return OpenBSDBCrypt.checkPassword(hash, password.getBytes(StandardCharsets.UTF_8));
  }
}
