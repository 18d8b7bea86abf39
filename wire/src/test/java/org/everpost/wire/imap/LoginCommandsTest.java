package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.failure;
import static org.everpost.wire.imap.ReaderDriver.parse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.everpost.wire.imap.ImapCommand.Authenticate;
import org.everpost.wire.imap.ImapCommand.Enable;
import org.everpost.wire.imap.ImapCommand.Login;
import org.junit.jupiter.api.Test;

/** RFC 9051 §6.1, §6.2 and §6.3.1, RFC 2971, 4959, 4978, 8437. */
class LoginCommandsTest {

  @Test
  void withoutArguments() {
    assertThat(parse("CAPABILITY")).isEqualTo(new ImapCommand.Capability());
    assertThat(parse("Noop")).isEqualTo(new ImapCommand.Noop());
    assertThat(parse("logout")).isEqualTo(new ImapCommand.Logout());
    assertThat(parse("STARTTLS")).isEqualTo(new ImapCommand.StartTls());
    assertThat(parse("UNAUTHENTICATE")).isEqualTo(new ImapCommand.Unauthenticate());
    assertThat(parse("IDLE")).isEqualTo(new ImapCommand.Idle());
  }

  @Test
  void login() {
    assertThat(parse("LOGIN SMITH SESAME")).isEqualTo(new Login("SMITH", "SESAME"));
    assertThat(parse("login \"a \\\"b\\\\c\" \"\"")).isEqualTo(new Login("a \"b\\c", ""));
    assertThat(parse("LOGIN \"jürgen@example.test\" x"))
        .isEqualTo(new Login("jürgen@example.test", "x"));
    assertThat(parse("LOGIN ]x] +")).isEqualTo(new Login("]x]", "+"));
    assertThat(failure("LOGIN x")).isEqualTo("Argument missing");
    assertThat(failure("LOGIN x y z")).isEqualTo("Too many arguments");
    assertThat(failure("LOGIN x  y")).isEqualTo("Expected a string");
    assertThat(failure("LOGIN x \"y")).isEqualTo("Quoted string without an end");
    assertThat(failure("LOGIN x \"\\y\"")).isEqualTo("Wrong escape in a quoted string");
    assertThat(failure("LOGIN x y%")).isEqualTo("Too many arguments");
    assertThat(failure("LOGIN x {3}y")).isEqualTo("Expected a literal");
  }

  @Test
  void passwordsAreNotShown() {
    assertThat(new Login("fred", "secret").toString()).doesNotContain("secret");
    assertThat(new Authenticate("PLAIN", "secret".getBytes(StandardCharsets.UTF_8)).toString())
        .isEqualTo("Authenticate[PLAIN]");
  }

  @Test
  void authenticate() {
    assertThat(parse("AUTHENTICATE gssapi")).isEqualTo(new Authenticate("GSSAPI", null));
    assertThat(parse("AUTHENTICATE PLAIN dGVzdAB0ZXN0AHRlc3Q="))
        .isEqualTo(new Authenticate("PLAIN", "test\0test\0test".getBytes(StandardCharsets.UTF_8)));
    assertThat(parse("AUTHENTICATE SCRAM-SHA-256 ="))
        .isEqualTo(new Authenticate("SCRAM-SHA-256", new byte[0]));
    assertThat(failure("AUTHENTICATE PLAIN x!x")).isEqualTo("Initial response is not Base64");
    assertThat(failure("AUTHENTICATE PLAIN ")).isEqualTo("Expected an atom");
  }

  @Test
  void enable() {
    assertThat(parse("ENABLE CONDSTORE x-good-idea"))
        .isEqualTo(new Enable(List.of("CONDSTORE", "X-GOOD-IDEA")));
    assertThat(failure("ENABLE")).isEqualTo("Arguments missing");
  }

  @Test
  void compress() {
    assertThat(parse("COMPRESS deflate")).isEqualTo(new ImapCommand.Compress("DEFLATE"));
  }

  @Test
  void id() {
    assertThat(parse("ID NIL")).isEqualTo(new ImapCommand.Id(Map.of()));
    assertThat(parse("ID ()")).isEqualTo(new ImapCommand.Id(Map.of()));
    assertThat(parse("ID (\"Name\" \"sodr\" \"version\" nil)"))
        .isEqualTo(new ImapCommand.Id(Map.of("name", "sodr")));
    assertThat(failure("ID (\"a\")")).isEqualTo("Expected a space");
    assertThat(failure("ID (" + "\"a\" NIL ".repeat(60) + "\"a\" NIL"))
        .isEqualTo("Too many fields");
  }
}
