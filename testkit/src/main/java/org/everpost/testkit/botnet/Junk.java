package org.everpost.testkit.botnet;

import java.nio.charset.StandardCharsets;

/** What scanners send to any port. */
final class Junk implements Conversation {

  private static final byte[] HTTP =
      "GET / HTTP/1.1\r\nHost: mail\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final int NOISE_OCTETS = 200;

  private final Bot bot;

  Junk(Bot bot) {
    this.bot = bot;
  }

  @Override
  public void opened() {
    switch (bot.random().nextInt(3)) {
      case 0 -> bot.say(HTTP);
      case 1 -> bot.say(ClientHello.whole());
      default -> {
        byte[] noise = new byte[NOISE_OCTETS];
        bot.random().nextBytes(noise);
        bot.say(noise);
      }
    }
  }
}
