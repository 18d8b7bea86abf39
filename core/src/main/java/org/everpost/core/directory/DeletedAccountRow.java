package org.everpost.core.directory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.everpost.store.KeyRange;

/**
 * An account of a domain that was deleted and whose mail may still be there. Key: {@code 04},
 * account id; no value. Made by the commit that takes the account out of the directory, gone when
 * its mail is.
 */
final class DeletedAccountRow {

  static final KeyRange RANGE = KeyRange.prefix(new byte[] {4});
  static final byte[] VALUE = {};

  private DeletedAccountRow() {}

  static byte[] key(AccountId id) {
    byte[] value = id.value().getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[value.length + 1];
    key[0] = 4;
    System.arraycopy(value, 0, key, 1, value.length);
    return key;
  }

  static AccountId id(byte[] key) {
    return new AccountId(
        new String(Arrays.copyOfRange(key, 1, key.length), StandardCharsets.US_ASCII));
  }
}
