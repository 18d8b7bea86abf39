package org.everpost.wire.sasl;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * LOGIN: the server asks for the name, then for the password. Outlook sends the name as an initial
 * response.
 */
public final class LoginServer implements SaslServer {

  private @Nullable String login;

  @Override
  public SaslStep begin() {
    return ask("Username:");
  }

  @Override
  public SaslStep step(byte[] message) {
    String text = SaslText.decode(message);
    if (text == null || text.isEmpty() || text.indexOf('\0') >= 0) {
      return new SaslStep.Failed("answer is empty, too long or not UTF-8");
    }
    if (login == null) {
      login = text;
      return ask("Password:");
    }
    return new SaslStep.Password("", login, text);
  }

  private static SaslStep ask(String question) {
    return new SaslStep.Challenge(question.getBytes(StandardCharsets.US_ASCII));
  }
}
