package org.everpost.core.directory;

import java.util.random.RandomGenerator;

/**
 * The lasting name of an account: the id of its partition. Never used again, so that whoever gets a
 * deleted account's address never sees its mail.
 *
 * @param value 26 lower-case base-32 characters
 */
public record AccountId(String value) {

  private static final int CHARACTERS = 26;
  private static final String BASE_32 = "abcdefghijklmnopqrstuvwxyz234567";

  public AccountId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("empty account id");
    }
  }

  /** A new one: 130 bits of chance. */
  static AccountId random(RandomGenerator random) {
    StringBuilder text = new StringBuilder(CHARACTERS);
    long bits = 0;
    for (int i = 0; i < CHARACTERS; i++) {
      bits = i % 12 == 0 ? random.nextLong() : bits >>> 5;
      text.append(BASE_32.charAt((int) bits & 31));
    }
    return new AccountId(text.toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
