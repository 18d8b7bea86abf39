package org.everpost.wire.sasl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Octets of a client as text. */
final class SaslText {

  private SaslText() {}

  /** Valid UTF-8 of a bearable length, or null. */
  static @Nullable String decode(byte[] octets) {
    if (octets.length > SaslServer.MAX_MESSAGE_OCTETS) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(octets))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
