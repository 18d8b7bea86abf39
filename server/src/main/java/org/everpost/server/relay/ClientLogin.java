package org.everpost.server.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.everpost.core.time.RandomSource;
import org.everpost.server.relay.Routes.Login;
import org.everpost.wire.sasl.ScramClient;
import org.everpost.wire.smtp.PeerReply;
import org.jspecify.annotations.Nullable;

/** Logs in at a smart host (RFC 4954), by the best mechanism both know. */
final class ClientLogin {

  /** RFC 4954 §4: a line of more octets is not sent with the command. */
  private static final int MAX_INITIAL = 400;

  private final Dialogue dialogue;
  private final Duration limit;
  private final RandomSource random;

  ClientLogin(Dialogue dialogue, Duration limit, RandomSource random) {
    this.dialogue = dialogue;
    this.limit = limit;
    this.random = random;
  }

  /**
   * Says who we are.
   *
   * @return the last reply; null: no mechanism is known to both
   */
  @Nullable PeerReply run(Login login, Set<String> mechanisms) throws SessionEndedException {
    if (mechanisms.contains("SCRAM-SHA-256")) {
      return scram(login);
    } else if (mechanisms.contains("PLAIN")) {
      return begin("PLAIN", "\0" + login.user() + "\0" + login.password());
    } else if (mechanisms.contains("LOGIN")) {
      return login(login);
    }
    return null;
  }

  private PeerReply begin(String mechanism, String initial) throws SessionEndedException {
    String response = base64(initial);
    if (response.length() <= MAX_INITIAL) {
      return dialogue.ask("AUTH " + mechanism + " " + response, limit);
    }
    PeerReply reply = dialogue.ask("AUTH " + mechanism, limit);
    return reply.code() == 334 ? respond(response) : reply;
  }

  private PeerReply login(Login login) throws SessionEndedException {
    PeerReply reply = dialogue.ask("AUTH LOGIN", limit);
    if (reply.code() == 334) {
      reply = respond(base64(login.user()));
    }
    return reply.code() == 334 ? respond(base64(login.password())) : reply;
  }

  /** RFC 7677. */
  private PeerReply scram(Login login) throws SessionEndedException {
    ScramClient client = new ScramClient(login.user(), login.password(), random);
    PeerReply reply = begin("SCRAM-SHA-256", client.first());
    if (reply.code() != 334) {
      return reply;
    }
    String proof = client.answer(challenge(reply));
    if (proof == null) {
      return cancel();
    }
    reply = respond(base64(proof));
    if (reply.code() == 334) {
      // The server proves in turn that it knows the password, or something like it.
      return client.isProven(challenge(reply)) ? respond("") : cancel();
    }
    return reply;
  }

  private PeerReply cancel() throws SessionEndedException {
    PeerReply reply = respond("*");
    if (reply.isCompleted()) {
      throw dialogue.protocol("a login that was not finished");
    }
    return reply;
  }

  private PeerReply respond(String line) throws SessionEndedException {
    dialogue.say(line, "AUTH");
    dialogue.flush("AUTH");
    return dialogue.reply(limit, "AUTH");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Empty if it cannot be understood, which is no challenge of SCRAM. */
  private static String challenge(PeerReply reply) {
    try {
      byte[] octets = Base64.getDecoder().decode(reply.lines().getFirst().strip());
      return new String(octets, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
