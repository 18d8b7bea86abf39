package org.everpost.wire.sasl;

/** PLAIN (RFC 4616): one message, {@code [authzid] NUL authcid NUL passwd}. */
public final class PlainServer implements SaslServer {

  @Override
  public SaslStep begin() {
    return new SaslStep.Challenge(new byte[0]); // RFC 4422 §3.3: the client goes first
  }

  @Override
  public SaslStep step(byte[] message) {
    String text = SaslText.decode(message);
    if (text == null) {
      return new SaslStep.Failed("message is too long or not UTF-8");
    }
    String[] parts = text.split("\0", -1);
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) { // RFC 4616 §2
      return new SaslStep.Failed("message is not [authzid] NUL authcid NUL passwd");
    }
    return new SaslStep.Password(parts[0], parts[1], parts[2]);
  }
}
