package org.everpost.wire.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramServerTest {

  private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
  private static final ScramCredentials PENCIL = ScramCredentials.derive("pencil", SALT, 4096);
  private static final byte[] CHANNEL =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final ChannelBindings EXPORTER =
      type -> type.equals("tls-exporter") ? CHANNEL : null;

  private static ScramServer server(boolean plus, ChannelBindings bindings) {
    return new ScramServer(plus, bindings, _ -> PENCIL, new SplittableRandom(3));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String challenge(SaslStep step) {
    assertThat(step).isInstanceOf(SaslStep.Challenge.class);
    return new String(((SaslStep.Challenge) step).octets(), StandardCharsets.UTF_8);
  }

  /** What a client answers to the server's first message. */
  private static String clientFinal(
      String gs2Header, byte[] channel, String bare, String serverFirst, String password) {
    String[] parts = serverFirst.split(",", -1);
    byte[] salted =
        ScramKeys.saltedPassword(
            password,
            Base64.getDecoder().decode(parts[1].substring(2)),
            Integer.parseInt(parts[2].substring(2)));
    byte[] header = utf8(gs2Header);
    byte[] binding = new byte[header.length + channel.length];
    System.arraycopy(header, 0, binding, 0, header.length);
    System.arraycopy(channel, 0, binding, header.length, channel.length);
    String withoutProof = "c=" + Base64.getEncoder().encodeToString(binding) + "," + parts[0];
    byte[] clientKey = ScramKeys.hmac(salted, "Client Key");
    byte[] proof =
        ScramKeys.hmac(ScramKeys.hash(clientKey), bare + "," + serverFirst + "," + withoutProof);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  private static SaslStep run(
      ScramServer server, String gs2Header, byte[] channel, String name, String password) {
    String bare = "n=" + name + ",r=fyko+d2lbbFgONRv9qkxdawL";
    SaslStep first = server.step(utf8(gs2Header + bare));
    if (!(first instanceof SaslStep.Challenge)) {
      return first;
    }
    SaslStep last =
        server.step(utf8(clientFinal(gs2Header, channel, bare, challenge(first), password)));
    if (!(last instanceof SaslStep.Challenge)) {
      return last;
    }
    assertThat(challenge(last)).startsWith("v=");
    return server.step(new byte[0]);
  }

  /** RFC 7677 §3. */
  @Test
  void theExampleOfTheStandard() {
    ScramServer server =
        new ScramServer(
            false,
            ChannelBindings.NONE,
            name -> name.equals("user") ? PENCIL : null,
            () -> "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
    assertThat(challenge(server.begin())).isEmpty();
    assertThat(challenge(server.step(utf8("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))))
        .isEqualTo(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertThat(
            challenge(
                server.step(
                    utf8(
                        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))))
        .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    assertThat(server.step(new byte[0])).isEqualTo(new SaslStep.Proven("", "user"));
    assertThat(server.step(new byte[0])).isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void namesAndIdentitiesAreUnescaped() {
    assertThat(
            run(server(false, ChannelBindings.NONE), "n,a=b=2Cc,", new byte[0], "a=3Dö", "pencil"))
        .isEqualTo(new SaslStep.Proven("b,c", "a=ö"));
  }

  @Test
  void aWrongPasswordFails() {
    assertThat(run(server(false, ChannelBindings.NONE), "n,,", new byte[0], "user", "pencils"))
        .isEqualTo(new SaslStep.Failed("wrong password"));
  }

  @Test
  void theChannelIsBoundWithPlus() {
    assertThat(run(server(true, EXPORTER), "p=tls-exporter,,", CHANNEL, "user", "pencil"))
        .isEqualTo(new SaslStep.Proven("", "user"));
    assertThat(run(server(true, EXPORTER), "p=tls-exporter,,", new byte[32], "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
    assertThat(run(server(true, EXPORTER), "p=tls-unique,,", CHANNEL, "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
    assertThat(run(server(true, EXPORTER), "p=tls-server-end-point,,", CHANNEL, "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void flagAndMechanismMustFit() {
    byte[] none = new byte[0];
    assertThat(run(server(true, EXPORTER), "n,,", none, "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
    assertThat(run(server(true, EXPORTER), "y,,", none, "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
    assertThat(run(server(false, EXPORTER), "p=tls-exporter,,", CHANNEL, "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
  }

  /** RFC 5802 §6: the client can bind but believes that we cannot, and we can. */
  @Test
  void aDowngradeIsNoticed() {
    byte[] none = new byte[0];
    assertThat(run(server(false, EXPORTER), "y,,", none, "user", "pencil"))
        .isInstanceOf(SaslStep.Failed.class);
    assertThat(run(server(false, EXPORTER), "n,,", none, "user", "pencil"))
        .isEqualTo(new SaslStep.Proven("", "user"));
    assertThat(run(server(false, ChannelBindings.NONE), "y,,", none, "user", "pencil"))
        .isEqualTo(new SaslStep.Proven("", "user"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "n",
        "n,",
        "n,,",
        "n,,n=user",
        "n,,n=,r=abc",
        "n,,n=user,r=",
        "n,,n=user,r=a b",
        "n,,n=us=er,r=abc",
        "n,,n=us=2,r=abc",
        "n,,m=x,n=user,r=abc",
        "n,,r=abc,n=user",
        "x,,n=user,r=abc",
        "p=,,n=user,r=abc",
        "p,,n=user,r=abc",
        "n,b=x,n=user,r=abc",
        "n,a=,n=user,r=abc",
        "n,,n=us\0er,r=abc",
      })
  void aFirstMessageOfAnotherShapeFails(String message) {
    assertThat(server(false, ChannelBindings.NONE).step(utf8(message)))
        .isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void aSecondMessageOfAnotherShapeFails() {
    for (String message :
        new String[] {
          "",
          "c=biws",
          "c=biws,r=abc",
          "c=biws,r=abc,p=",
          "r=abc,c=biws,p=AAAA",
          "c=!,r=abc,p=AAAA",
          ",p=",
          "c=biws,r=abcXYZ,p=AAAA",
          "c=biws,p=AAAA",
          "c=eSws,r=abc,p=AAAA",
        }) {
      ScramServer server = new ScramServer(false, ChannelBindings.NONE, _ -> PENCIL, () -> "XYZ");
      server.step(utf8("n,,n=user,r=abc"));
      assertThat(server.step(utf8(message))).as(message).isInstanceOf(SaslStep.Failed.class);
      assertThat(server.step(new byte[0])).isEqualTo(new SaslStep.Failed("the exchange is over"));
    }
  }

  @Test
  void somethingBehindTheEndFails() {
    ScramServer server = server(false, ChannelBindings.NONE);
    String bare = "n=user,r=abc";
    String first = challenge(server.step(utf8("n,," + bare)));
    server.step(utf8(clientFinal("n,,", new byte[0], bare, first, "pencil")));
    assertThat(server.step(utf8("x"))).isInstanceOf(SaslStep.Failed.class);
  }

  @Test
  void theLookupMayEndIt() {
    ScramServer server =
        new ScramServer(
            false, ChannelBindings.NONE, ScramServerTest::nobody, new SplittableRandom(1));
    assertThat(server.step(utf8("n,,n=user,r=abc"))).isInstanceOf(SaslStep.Failed.class);
  }

  private static @Nullable ScramCredentials nobody(String name) {
    return null;
  }

  @Test
  void anyOctetsFailWithoutHarm() {
    SplittableRandom random = new SplittableRandom(20);
    String good = "n,a=x,n=user,r=abc";
    for (int round = 0; round < 20_000; round++) {
      byte[] message = utf8(good);
      for (int i = random.nextInt(4); i >= 0; i--) {
        message[random.nextInt(message.length)] = (byte) random.nextInt(256);
      }
      ScramServer server = server(random.nextBoolean(), EXPORTER);
      SaslStep step = server.step(message);
      if (step instanceof SaslStep.Challenge) {
        byte[] last = utf8("c=biws,r=abc,p=AAAA");
        last[random.nextInt(last.length)] = (byte) random.nextInt(256);
        assertThat(server.step(last)).isInstanceOf(SaslStep.Failed.class);
      } else {
        assertThat(step).isInstanceOf(SaslStep.Failed.class);
      }
    }
  }
}
