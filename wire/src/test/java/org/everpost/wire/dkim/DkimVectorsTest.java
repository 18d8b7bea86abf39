package org.everpost.wire.dkim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.everpost.wire.dkim.DkimResult.Verdict;
import org.junit.jupiter.api.Test;

/** The examples of the standards. */
class DkimVectorsTest {

  private static final Instant NOW = Instant.parse("2018-06-11T00:00:00Z");

  private static final String MESSAGE =
      """
      From: Joe SixPack <joe@football.example.com>
      To: Suzie Q <suzie@shopping.example.net>
      Subject: Is dinner ready?
      Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
      Message-ID: <20030712040037.46341.5F8J@football.example.com>

      Hi.

      We lost the game. Are you hungry yet?

      Joe.
      """;

  /** RFC 6376 appendix A.2. */
  private static final String RFC_6376 =
      """
      DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
            c=simple/simple; q=dns/txt; i=joe@football.example.com;
            h=Received : From : To : Subject : Date : Message-ID;
            bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
            b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
              4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
              KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
              4bmp/YzhwvcubU4=;
      Received: from client1.football.example.com  [192.0.2.1]
            by submitserver.example.com with SUBMISSION;
            Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
      """;

  /** RFC 8463 appendix A.3. */
  private static final String RFC_8463 =
      """
      DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
       d=football.example.com; i=@football.example.com;
       q=dns/txt; s=brisbane; t=1528637909; h=from : to :
       subject : date : message-id : from : subject : date;
       bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
       b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
       Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
      DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
       d=football.example.com; i=@football.example.com;
       q=dns/txt; s=test; t=1528637909; h=from : to : subject :
       date : message-id : from : subject : date;
       bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
       b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
       DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
       dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
      """;

  private static final Map<String, String> KEYS =
      Map.of(
          "brisbane._domainkey.example.com",
          "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ"
              + "DwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
              + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7"
              + "od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfV"
              + "jH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYck"
              + "cQ2QIDAQAB",
          "brisbane._domainkey.football.example.com",
          "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
          "test._domainkey.football.example.com",
          "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
              + "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
              + "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
              + "Ip3G+2kryOTIKT+l/K4w3QIDAQAB");

  private static List<DkimResult> verified(String message) {
    byte[] octets = message.replace("\n", "\r\n").getBytes(UTF_8);
    DkimVerification verification = new DkimVerification();
    verification.feed(octets, 0, octets.length);
    return verification.finish().stream()
        .map(c -> {
          DkimSignature signature = c.signature();
          assertThat(signature).isNotNull();
          String key = KEYS.get(signature.keyName().ascii());
          assertThat(key).isNotNull();
          return DkimVerification.verify(c, List.of(key), NOW);
        })
        .toList();
  }

  @Test
  void rfc6376() {
    assertThat(verified(RFC_6376 + MESSAGE))
        .extracting(DkimResult::verdict)
        .containsExactly(Verdict.PASS);
  }

  @Test
  void rfc8463() {
    assertThat(verified(RFC_8463 + MESSAGE))
        .extracting(DkimResult::verdict)
        .containsExactly(Verdict.PASS, Verdict.PASS);
    assertThat(verified(RFC_8463 + MESSAGE.replace("dinner", "supper")))
        .extracting(DkimResult::verdict)
        .containsExactly(Verdict.FAIL, Verdict.FAIL);
  }
}
