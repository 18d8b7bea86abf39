package org.everpost.wire.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.EnumSet;
import java.util.Set;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.smtp.SmtpCommand.Body;
import org.everpost.wire.smtp.SmtpCommand.Mail;
import org.everpost.wire.smtp.SmtpCommand.Notify;
import org.everpost.wire.smtp.SmtpCommand.Rcpt;
import org.everpost.wire.smtp.SmtpCommand.Ret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpParserTest {

  private static SmtpCommand parse(String line) throws SmtpSyntaxException {
    return SmtpParser.parse(line.getBytes(UTF_8));
  }

  private static Mail mail(String arguments) throws SmtpSyntaxException {
    return (Mail) parse("MAIL FROM:" + arguments);
  }

  private static Rcpt rcpt(String arguments) throws SmtpSyntaxException {
    return (Rcpt) parse("RCPT TO:" + arguments);
  }

  private static Reply refusal(String line) {
    return catchThrowableOfType(SmtpSyntaxException.class, () -> parse(line)).reply();
  }

  @Test
  void simpleCommandsInAnyCaseWithTrailingSpace() throws Exception {
    assertThat(parse("EHLO mx.example.test")).isEqualTo(new SmtpCommand.Ehlo("mx.example.test"));
    assertThat(parse("helo [192.0.2.1]  ")).isEqualTo(new SmtpCommand.Helo("[192.0.2.1]"));
    assertThat(parse("LhLo [IPv6:::1]")).isEqualTo(new SmtpCommand.Lhlo("[IPv6:::1]"));
    assertThat(parse("data \t")).isEqualTo(new SmtpCommand.Data());
    assertThat(parse("RSET")).isEqualTo(new SmtpCommand.Rset());
    assertThat(parse("noop what ever")).isEqualTo(new SmtpCommand.Noop());
    assertThat(parse("QUIT")).isEqualTo(new SmtpCommand.Quit());
    assertThat(parse("STARTTLS")).isEqualTo(new SmtpCommand.StartTls());
    assertThat(parse("VRFY  smith")).isEqualTo(new SmtpCommand.Vrfy("smith"));
    assertThat(parse("EXPN list")).isEqualTo(new SmtpCommand.Expn("list"));
    assertThat(parse("HELP")).isEqualTo(new SmtpCommand.Help(""));
    assertThat(parse("BDAT 0 last")).isEqualTo(new SmtpCommand.Bdat(0, true));
    assertThat(parse("BDAT 86")).isEqualTo(new SmtpCommand.Bdat(86, false));
    assertThat(parse("BDAT 99999999999999999999"))
        .isEqualTo(new SmtpCommand.Bdat(Long.MAX_VALUE, false));
    assertThat(parse("AUTH plain AGEAYg=="))
        .isEqualTo(new SmtpCommand.Auth("PLAIN", "AGEAYg=="))
        .asString()
        .doesNotContain("AGEAYg");
    assertThat(parse("AUTH LOGIN")).isEqualTo(new SmtpCommand.Auth("LOGIN", null));
    assertThat(parse("AUTH EXTERNAL =")).isEqualTo(new SmtpCommand.Auth("EXTERNAL", "="));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "MAI",
        "MAILX FROM:<a@b>",
        "FOO",
        "EHLO\tx",
        "\u0000",
        "RSET\r",
        "GET / HTTP/1.1"
      })
  void whatIsNoCommandIs500(String line) {
    assertThat(refusal(line).code()).isEqualTo(500);
  }

  @Test
  void invalidUtf8Is500() {
    byte[] line = {'E', 'H', 'L', 'O', ' ', (byte) 0xC3};
    SmtpSyntaxException e =
        catchThrowableOfType(SmtpSyntaxException.class, () -> SmtpParser.parse(line));
    assertThat(e.reply().code()).isEqualTo(500);
    assertThat(e.verb()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EHLO",
        "EHLO a b",
        "EHLO a(b)",
        "EHLO ex\u00e4mple.test",
        "EHLO a:b",
        "HELO <x>",
        "DATA now",
        "RSET x",
        "QUIT x",
        "STARTTLS x",
        "VRFY",
        "EXPN",
        "BDAT",
        "BDAT x",
        "BDAT -1",
        "BDAT 1 LASTING",
        "BDAT 1 LAST x",
        "BDAT 123456789012345678901",
        "AUTH",
        "AUTH PLAIN a b",
        "AUTH PL@IN",
        "AUTH A23456789012345678901",
        "MAIL",
        "MAIL FROM",
        "MAIL TO:<a@b>",
        "RCPT FROM:<a@b>",
        "RCPT"
      })
  void wrongArgumentsAre501(String line) {
    assertThat(refusal(line).toString()).startsWith("501 5.5.4");
  }

  @Test
  void aWrongBdatIsKnownForOne() {
    SmtpSyntaxException e =
        catchThrowableOfType(SmtpSyntaxException.class, () -> parse("BDAT many"));
    assertThat(e.verb()).isEqualTo(SmtpVerb.BDAT);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "<a@example.test>,<a@example.test>",
        "<A.b+c@EXAMPLE.Test>,<A.b+c@example.test>",
        " <a@example.test>,<a@example.test>",
        "<\"john doe\"@example.test>,<\"john doe\"@example.test>",
        "<\"a\\\"b\\\\c\"@example.test>,<\"a\\\"b\\\\c\"@example.test>",
        "<\"plain\"@example.test>,<plain@example.test>",
        "<a@[192.0.2.1]>,<a@[192.0.2.1]>",
        "<a@[IPv6:2001:db8::1]>,<a@[IPv6:2001:db8::1]>",
        "'<@hop.test,@hop2.test:a@example.test>',<a@example.test>",
        "<a..b.@docomo.example>,<\"a..b.\"@docomo.example>",
        "<a@xn--bcher-kva.test>,<a@xn--bcher-kva.test>",
        "<!#$%&*+-/=?^_`{|}~@x.test>,<!#$%&*+-/=?^_`{|}~@x.test>"
      })
  void paths(String given, String rendered) throws Exception {
    assertThat(mail(given).from()).hasToString(rendered);
    assertThat(rcpt(given).to()).hasToString(rendered);
    assertThat(mail(rendered).from()).isEqualTo(mail(given).from());
  }

  @Test
  void nullPathOnlyAsSender() throws Exception {
    assertThat(mail("<>").from()).isEqualTo(new Path.Null());
    assertThat(refusal("RCPT TO:<>").toString()).startsWith("501 5.1.3");
  }

  @Test
  void postmasterWithoutDomainOnlyAsRecipient() throws Exception {
    assertThat(rcpt("<postMASTER>").to()).isEqualTo(new Path.Postmaster());
    assertThat(refusal("MAIL FROM:<postmaster>").toString()).startsWith("501 5.1.7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a@b.test",
        "<a@b.test",
        "<@>",
        "<a@>",
        "<a>",
        "<a b@c.test>",
        "<a@b test>",
        "<\"a@b.test>",
        "<\"a\\",
        "<\"\"@b.test>",
        "<a@[1.2.3]>",
        "<a@[1.2.3.256]>",
        "<a@[1.2.3.4>",
        "<a@[tag:x]>",
        "<a@[IPv6:1]>",
        "<a@[IPv6:1::2::3]>",
        "<a@[IPv6::]>",
        "<a@b..c>",
        "<a@-b.test>",
        "<a@b.test.>",
        "<a@b@c.test>",
        "<a(b)@c.test>",
        "<@hop.test a@b.test>",
        "<@a:>",
        "<a\\b@c.test>",
        "<a@b_@.test>",
        "<aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg@b.test>"
      })
  void badPaths(String path) {
    assertThat(refusal("MAIL FROM:" + path).toString()).startsWith("501 5.1.7");
    assertThat(refusal("RCPT TO:" + path).toString()).startsWith("501 5.1.3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1:2:3:4:5:6:7:8",
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7::",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4"
      })
  void ipv6Literals(String address) {
    assertThat(new AddressLiteral("IPv6:" + address)).hasToString("[IPv6:" + address + "]");
  }

  @Test
  void internationalisedAddressNeedsSmtpUtf8() throws Exception {
    Mail mail = mail("<j\u00f6rg@b\u00fccher.test> smtputf8");
    assertThat(mail.smtpUtf8()).isTrue();
    assertThat(mail.from())
        .isEqualTo(new Path.Address(EmailAddress.of("j\u00f6rg@b\u00fccher.test")));
    assertThat(mail.from().isInternationalised()).isTrue();
    assertThat(refusal("MAIL FROM:<j\u00f6rg@example.test>").toString()).startsWith("550 5.6.7");
    assertThat(refusal("MAIL FROM:<a@b.test> SMTPUTF8=1").code()).isEqualTo(501);
    assertThat(refusal("MAIL FROM:<a@b.test> REQUIRETLS=1").code()).isEqualTo(501);
    assertThat(mail("<a@b.test> RequireTLS").requireTls()).isTrue();
    assertThat(mail("<a@b.test>").requireTls()).isFalse();
  }

  @Test
  void mailParameters() throws Exception {
    Mail mail =
        mail("<a@b.test> SIZE=100 body=8BITMIME RET=hdrs ENVID=a+2Bb AUTH=c+3Dd@e.test SMTPUTF8");
    assertThat(mail.size()).isEqualTo(100);
    assertThat(mail.body()).isEqualTo(Body.EIGHT_BIT_MIME);
    assertThat(mail.ret()).isEqualTo(Ret.HDRS);
    assertThat(mail.envid()).isEqualTo("a+b");
    assertThat(mail.auth()).isEqualTo("c=d@e.test");
    assertThat(mail("<a@b.test> BODY=7BIT RET=FULL AUTH=<>").auth()).isEqualTo("<>");
    assertThat(mail("<a@b.test> BODY=BinaryMime").body()).isEqualTo(Body.BINARY_MIME);
    assertThat(mail("<a@b.test> SIZE=99999999999999999999").size()).isEqualTo(Long.MAX_VALUE);
    assertThat(mail("<a@b.test>").size()).isEqualTo(Mail.NO_SIZE);
  }

  @Test
  void rcptParameters() throws Exception {
    Rcpt rcpt = rcpt("<a@b.test> NOTIFY=success,FAILURE,delay ORCPT=rfc822;a+2Bx@b.test");
    assertThat(rcpt.notifyOn()).isEqualTo(EnumSet.of(Notify.SUCCESS, Notify.FAILURE, Notify.DELAY));
    assertThat(rcpt.orcpt()).isEqualTo("rfc822;a+x@b.test");
    assertThat(rcpt("<a@b.test> NOTIFY=never").notifyOn()).isEqualTo(Set.of(Notify.NEVER));
    assertThat(rcpt("<a@b.test> ORCPT=utf-8;j\\x{F6}rg@b.test").orcpt())
        .isEqualTo("utf-8;j\u00f6rg@b.test");
    assertThat(rcpt("<a@b.test> ORCPT=UTF-8;j\u00f6rg@b.test").orcpt())
        .isEqualTo("UTF-8;j\u00f6rg@b.test");
  }

  /** Refusing the parameter would refuse the recipient. */
  @Test
  void anAddressBeyondAsciiThatPostfixCallsRfc822IsOfTheTypeUtf8() throws Exception {
    assertThat(rcpt("<j\u00f6rg@b.test> ORCPT=rfc822;j+C3+B6rg+2B@b.test").orcpt())
        .isEqualTo("utf-8;j\u00f6rg+@b.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SIZE",
        "SIZE=",
        "SIZE=x",
        "SIZE=-1",
        "SIZE=123456789012345678901",
        "BODY=9BIT",
        "RET=ALL",
        "ENVID=a+0Ab",
        "ENVID=a+zz",
        "ENVID=a+2",
        "ENVID=\u00f6",
        "AUTH",
        "SIZE=1 SIZE=1"
      })
  void badMailParameters(String parameters) {
    assertThat(refusal("MAIL FROM:<a@b.test> " + parameters).toString()).startsWith("501 5.5.4");
    assertThat(refusal("MAIL FROM:<a@b.test>" + parameters).code()).isEqualTo(501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOTIFY=",
        "NOTIFY=NEVER,DELAY",
        "NOTIFY=DELAY,",
        "NOTIFY=DELAY,DELAY",
        "ORCPT=x",
        "ORCPT=;x",
        "ORCPT=a;",
        "ORCPT=rfc822;a+0Db",
        "ORCPT=utf-8;\\x{A}",
        "ORCPT=utf-8;\\x{D800}",
        "ORCPT=utf-8;\\x{}",
        "ORCPT=utf-8;\\x{1234567}",
        "ORCPT=utf-8;\\y",
        "ORCPT=a,b;x",
        "ORCPT=rfc822;a+C3b",
        "ORCPT=rfc822;a+7Fb",
        "ORCPT=rfc822;+C3+B6+0Ab",
        "ORCPT=rfc822;a+C2+85b",
        "ORCPT=rfc822;\u00f6",
        "ORCPT=x;+C3+B6"
      })
  void badRcptParameters(String parameters) {
    assertThat(refusal("RCPT TO:<a@b.test> " + parameters).toString()).startsWith("501 5.5.4");
  }

  @Test
  void unknownParametersAre555() {
    assertThat(refusal("MAIL FROM:<a@b.test> FOO=1").toString()).startsWith("555 5.5.4");
    assertThat(refusal("RCPT TO:<a@b.test> SIZE=1").toString()).startsWith("555 5.5.4");
  }
}
