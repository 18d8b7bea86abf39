package org.everpost.wire.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Mail;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Rcpt;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.junit.jupiter.api.Test;

/** What we say, a server reads as we meant it. */
class CommandRendererTest {

  private static final List<String> WORDS =
      List.of("a", "a b", "+=\\", "x\"y", "~!#", "ü", "日本", "\uD83D\uDE00", "a.b", "\\x{41}");

  @Test
  void namesOnlyWhatIsNotTheCaseAnyway() {
    assertThat(
            CommandRenderer.mail(
                new Mail(
                    new Path.Null(), Mail.NO_SIZE, Body.SEVEN_BIT, false, null, null, null, false)))
        .isEqualTo("MAIL FROM:<>");
    assertThat(CommandRenderer.rcpt(new Rcpt(address("a@example.test"), Set.of(), null), false))
        .isEqualTo("RCPT TO:<a@example.test>");
  }

  @Test
  void writesEveryParameter() {
    assertThat(
            CommandRenderer.mail(
                new Mail(
                    address("ü@example.test"),
                    7,
                    Body.BINARY_MIME,
                    true,
                    Ret.HDRS,
                    "a+b",
                    "<>",
                    true)))
        .isEqualTo(
            "MAIL FROM:<ü@example.test> SIZE=7 BODY=BINARYMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb"
                + " AUTH=<> REQUIRETLS");
    Rcpt rcpt =
        new Rcpt(
            address("a@example.test"),
            Set.of(Notify.DELAY, Notify.SUCCESS),
            "utf-8;ü+\\@example.test");
    assertThat(CommandRenderer.rcpt(rcpt, true))
        .isEqualTo(
            "RCPT TO:<a@example.test> NOTIFY=SUCCESS,DELAY"
                + " ORCPT=utf-8;ü\\x{2B}\\x{5C}@example.test");
    assertThat(CommandRenderer.rcpt(rcpt, false)).endsWith("\\x{FC}\\x{2B}\\x{5C}@example.test");
  }

  @Test
  void isTheInverseOfParsing() throws SmtpSyntaxException {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2_000; i++) {
      String printable = text(random).replaceAll("[^ -~]", "?");
      Mail mail =
          new Mail(
              address(text(random) + "@example.test"),
              random.nextLong(1L << 40),
              one(random, Body.values()),
              true,
              random.nextBoolean() ? Ret.FULL : null,
              printable,
              null,
              random.nextBoolean());
      assertThat(parse(CommandRenderer.mail(mail))).isEqualTo(mail);
      String type = random.nextBoolean() ? "rfc822;" + printable : "utf-8;" + text(random);
      Rcpt rcpt = new Rcpt(mail.from(), Set.of(one(random, Notify.values())), type);
      assertThat(parse(CommandRenderer.rcpt(rcpt, random.nextBoolean()))).isEqualTo(rcpt);
    }
  }

  private static String text(SplittableRandom random) {
    return WORDS.get(random.nextInt(WORDS.size())) + WORDS.get(random.nextInt(WORDS.size()));
  }

  private static <T> T one(SplittableRandom random, T[] all) {
    return all[random.nextInt(all.length)];
  }

  private static Path address(String text) {
    int at = text.lastIndexOf('@');
    return new Path.Address(
        new EmailAddress(text.substring(0, at), DomainName.of(text.substring(at + 1))));
  }

  private static SmtpCommand parse(String line) throws SmtpSyntaxException {
    return SmtpParser.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
