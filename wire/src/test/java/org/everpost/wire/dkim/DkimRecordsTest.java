package org.everpost.wire.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.everpost.wire.dkim.DkimResult.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tag lists: signatures and keys. */
class DkimRecordsTest {

  static final String SIGNATURE =
      "v=1; a=rsa-sha256; d=example.net; s=brisbane; c=relaxed; q=dns/txt; i=@eng.example.net;"
          + " t=1117574938; x=1118006938; h=from:to:subject:date; bh=MTIz; b=dzdV; l=10";

  private static final Instant NOW = Instant.ofEpochSecond(1_117_574_938);

  @Test
  void aSignature() throws DkimSyntaxException {
    DkimSignature s = DkimSignature.parse(SIGNATURE);
    assertThat(s.keyName()).hasToString("brisbane._domainkey.example.net");
    assertThat(s.header()).isEqualTo(Canonicalization.RELAXED);
    assertThat(s.body()).isEqualTo(Canonicalization.SIMPLE);
    assertThat(s.fields()).containsExactly("from", "to", "subject", "date");
    assertThat(s.bodyLength()).isEqualTo(10);
    assertThat(s.expires()).isEqualTo(1_118_006_938);
    assertThat(s.identity()).isEqualTo("@eng.example.net");
    DkimSignature folded =
        DkimSignature.parse("v=1;a=rsa-sha256;d=a.b;s=c;h=From;bh=MTIz;b= d z\r\n dV ;");
    assertThat(folded.signature()).isEqualTo(s.signature());
    assertThat(folded.identity()).isEqualTo("@a.b");
    assertThat(folded.header()).isEqualTo(Canonicalization.SIMPLE);
  }

  /** RFC 8616 §4. */
  @Test
  void internationalDomains() throws DkimSyntaxException {
    String text = SIGNATURE.replace("i=@eng.example.net", "i=\u00e4@b\u00fccher.test");
    assertThat(DkimSignature.parse(text.replace("d=example.net", "d=b\u00fccher.test")).keyName())
        .hasToString("brisbane._domainkey.xn--bcher-kva.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "v",
        "=1",
        "v=1;;a=b",
        "v=1; v=1",
        "1v=1",
        "v=1; a b=c",
        "v=\u0001",
        "v=1;\u0000=2"
      })
  void noTagLists(String text) {
    assertThatExceptionOfType(DkimSyntaxException.class).isThrownBy(() -> TagList.parse(text));
  }

  @Test
  void tagListsAreBounded() {
    StringBuilder many = new StringBuilder("a=1");
    for (int i = 0; i < 60; i++) {
      many.append(";b").append(i).append("=1");
    }
    assertThatExceptionOfType(DkimSyntaxException.class)
        .isThrownBy(() -> TagList.parse(many.toString()));
    assertThatExceptionOfType(DkimSyntaxException.class)
        .isThrownBy(() -> TagList.parse("a=" + "x".repeat(20_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=1=>v=2",
        "v=1=>v=1.0",
        "rsa-sha256=>rsa-sha1",
        "rsa-sha256=>dsa",
        "d=example.net=>d=",
        "d=example.net=>d=exa mple",
        "d=example.net=>d=example.net.evil",
        "s=brisbane=>s=..",
        "d=example.net=>d=example.net; i=@x.example.net; i=@y.example.net",
        "@eng.example.net=>@evilexample.net",
        "@eng.example.net=>eng.example.net",
        "from:=>fram:",
        "h=from=>h=from:",
        "h=from:to:subject:date=>h=",
        "bh=MTIz=>bh=M*",
        "b=dzdV=>b=",
        "b=dzdV=>b=dz=V",
        "t=1117574938=>t=-1",
        "t=1117574938=>t=1118006939",
        "x=1118006938=>x=x",
        "l=10=>l=1e3",
        "l=10=>l=9999999999999999999999",
        "dns/txt=>dns/a",
        "c=relaxed=>c=relaxed/",
        "c=relaxed=>c=loose",
        " l=10=> b=x"
      })
  void noSignatures(String change) {
    int arrow = change.indexOf("=>");
    String text = SIGNATURE.replace(change.substring(0, arrow), change.substring(arrow + 2));
    assertThat(text).isNotEqualTo(SIGNATURE);
    assertThatExceptionOfType(DkimSyntaxException.class)
        .isThrownBy(() -> DkimSignature.parse(text));
  }

  @Test
  void aNameThatIsTooLong() {
    String domain = "abcdefghij.".repeat(22) + "test";
    String text =
        SIGNATURE.replace("example.net", domain).replace("s=brisbane", "s=" + "x".repeat(20));
    assertThatExceptionOfType(DkimSyntaxException.class)
        .isThrownBy(() -> DkimSignature.parse(text))
        .withMessage("not a domain name");
  }

  @Test
  void keysThatWePublish() throws DkimSyntaxException {
    for (DkimKey key : Keys.BOTH) {
      String text = Keys.texts(key.selector() + "._domainkey." + key.domain()).getFirst();
      DkimKeyRecord record = DkimKeyRecord.parse(text);
      assertThat(record.algorithm()).isEqualTo(key.algorithm());
      assertThat(record.strict()).isFalse();
      assertThat(record.testing()).isFalse();
      assertThat(DkimKeyRecord.strings(text)).allMatch(s -> s.length() <= 255);
      assertThat(String.join("", DkimKeyRecord.strings(text))).isEqualTo(text);
    }
    assertThat(DkimKeyRecord.strings("x".repeat(600)))
        .extracting(String::length)
        .containsExactly(255, 255, 90);
  }

  /** RFC 6376 §3.6.1 asks for RSAPublicKey, which some publish. */
  @Test
  void bareRsaKeys() throws DkimSyntaxException {
    byte[] whole = Keys.RSA.getPublic().getEncoded();
    byte[] bare = Arrays.copyOfRange(whole, 24, whole.length);
    DkimKeyRecord record = DkimKeyRecord.parse("p=" + Base64.getEncoder().encodeToString(bare));
    assertThat(record.key()).isEqualTo(Keys.RSA.getPublic());
  }

  @Test
  void flagsOfKeys() throws DkimSyntaxException {
    assertThat(DkimKeyRecord.parse("v=DKIM1; p=").key()).isNull();
    DkimKeyRecord record = DkimKeyRecord.parse("v=DKIM1; t=y : s; h=sha1:sha256; s=x:email; p=");
    assertThat(record.testing()).isTrue();
    assertThat(record.strict()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=DKIM1",
        "v=DKIM2; p=",
        "p=; v=DKIM1",
        "k=dsa; p=",
        "h=sha1; p=",
        "s=tlsrpt; p=",
        "p=AAAA",
        "k=ed25519; p=AAAA",
        "p=*",
        "v=spf1 -all"
      })
  void noKeys(String text) {
    assertThatExceptionOfType(DkimSyntaxException.class)
        .isThrownBy(() -> DkimKeyRecord.parse(text));
  }

  /** RFC 8301 §3.2. */
  @Test
  void keysThatAreTooShort() {
    String text = DkimKeyRecord.render(DkimAlgorithm.RSA_SHA256, Keys.pair("RSA", 768).getPublic());
    assertThatExceptionOfType(DkimSyntaxException.class)
        .isThrownBy(() -> DkimKeyRecord.parse(text))
        .withMessageContaining("not trusted");
  }

  private static DkimResult verdict(String signature, String body, List<String> keys) {
    byte[] message =
        ("DKIM-Signature: " + signature + "\r\nFrom: a@b\r\n\r\n" + body).getBytes(ISO_8859_1);
    DkimVerification verification = new DkimVerification();
    verification.feed(message, 0, message.length);
    return DkimVerification.verify(verification.finish().getFirst(), keys, NOW);
  }

  private static String hash(String body) {
    return Base64.getEncoder()
        .encodeToString(DkimAlgorithm.sha256().digest(body.getBytes(ISO_8859_1)));
  }

  @Test
  void verdictsBeforeTheSignatureItself() {
    String good = SIGNATURE.replace("MTIz", hash("1234567\r\n0")).replace("rsa", "ed25519");
    String body = "1234567\r\n0 and more\r\n";
    String key = Keys.texts("e1._domainkey.example.test").getFirst();
    assertThat(verdict("v=1", body, List.of()).verdict()).isEqualTo(Verdict.NEUTRAL);
    assertThat(verdict(SIGNATURE, body, List.of(key)).reason()).isEqualTo("the body was changed");
    assertThat(verdict(good, "123", List.of(key)).reason()).contains("shorter");
    assertThat(verdict(good, body, List.of()).reason()).isEqualTo("there is no key");
    assertThat(verdict(good, body, List.of(key, key)).reason()).contains("several");
    assertThat(verdict(good, body, List.of("p=")).reason()).isEqualTo("the key was revoked");
    assertThat(verdict(good, body, List.of("k=x; p=")).verdict()).isEqualTo(Verdict.PERMERROR);
    String rsa = Keys.texts("r1._domainkey.example.test").getFirst();
    assertThat(verdict(good, body, List.of(rsa)).reason()).contains("another algorithm");
    assertThat(verdict(good, body, List.of("t=s; " + key.substring(9))).reason())
        .contains("domain itself");
    DkimResult wrong = verdict(good, body, List.of(key));
    assertThat(wrong.reason()).isEqualTo("the header was changed");
    assertThat(wrong.wholeBody()).isFalse();
  }
}
