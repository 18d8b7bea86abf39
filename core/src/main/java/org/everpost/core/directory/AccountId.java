package org.everpost.core.directory;

/**
 * The lasting name of an account: the id of its partition. Never used again, so that whoever gets a
 * deleted account's address never sees its mail.
 *
 * @param value 26 lower-case base-32 characters
 */
public record AccountId(String value) {
  public AccountId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("empty account id");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
