package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.everpost.wire.smtp.SmtpCommand.Bdat;
import org.everpost.wire.smtp.SmtpCommand.Mail;
import org.everpost.wire.smtp.SmtpCommand.Rcpt;
import org.junit.jupiter.api.Test;

class SmtpParserMutationTest {

  static final List<String> SEEDS =
      List.of(
          "EHLO mx.example.test",
          "MAIL FROM:<a@b.test> SIZE=1000 BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=x+2By AUTH=<>",
          "MAIL FROM:<\"q \\\" t\"@[IPv6:2001:db8::192.0.2.1]>",
          "MAIL FROM:<@h.test,@i.test:j\u00f6rg@b\u00fccher.test> SMTPUTF8",
          "RCPT TO:<a@b.test> NOTIFY=SUCCESS,DELAY ORCPT=utf-8;\\x{F6}",
          "RCPT TO:<Postmaster>",
          "BDAT 1234 LAST",
          "AUTH SCRAM-SHA-256 biwsbj1hLHI9eA==",
          "VRFY smith");

  @Test
  void mutatedCommands() {
    Random random = new Random(7);
    for (int round = 0; round < 50_000; round++) {
      byte[] line = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(UTF_8);
      for (int i = random.nextInt(4); i >= 0; i--) {
        line = mutated(line, random);
      }
      check(line);
    }
  }

  /** No other exception; a path that was taken is the same once rendered and parsed again. */
  static void check(byte[] line) {
    SmtpCommand command;
    try {
      command = SmtpParser.parse(line);
    } catch (SmtpSyntaxException e) {
      assertThat(e.reply().isPositive()).isFalse();
      return;
    }
    switch (command) {
      case Mail mail -> {
        String utf8 = mail.smtpUtf8() ? " SMTPUTF8" : "";
        assertThat(((Mail) again("MAIL FROM:" + mail.from() + utf8)).from()).isEqualTo(mail.from());
      }
      case Rcpt rcpt ->
          assertThat(((Rcpt) again("RCPT TO:" + rcpt.to())).to()).isEqualTo(rcpt.to());
      case Bdat bdat -> assertThat(bdat.size()).isNotNegative();
      default -> assertThat(again(command.verb() + " x")).isNotNull();
    }
  }

  private static Object again(String line) {
    try {
      return SmtpParser.parse(line.getBytes(UTF_8));
    } catch (SmtpSyntaxException e) {
      return e;
    }
  }

  private static byte[] mutated(byte[] line, Random random) {
    if (line.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(line.length);
    byte[] out = line.clone();
    switch (random.nextInt(4)) {
      case 0 -> out[at] = (byte) random.nextInt();
      case 1 -> out[at] = "<>@.,:;\"\\[] =+{}".getBytes(UTF_8)[random.nextInt(16)];
      case 2 -> out = Arrays.copyOf(line, at);
      default -> {
        int from = random.nextInt(line.length);
        int length = Math.min(line.length - from, line.length - at);
        System.arraycopy(line, from, out, at, length);
      }
    }
    return out;
  }
}
