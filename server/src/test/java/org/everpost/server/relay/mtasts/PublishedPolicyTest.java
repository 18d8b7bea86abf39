package org.everpost.server.relay.mtasts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.everpost.core.zone.Finding;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Test;

class PublishedPolicyTest {

  private static final DomainName HERE = DomainName.of("example.test");
  private static final DomainName HOST = DomainName.of("mx1.example.test");

  private static Finding check(PolicyFetcher fetcher) {
    return PublishedPolicy.check(fetcher, HERE, HOST, "v=STSv1; id=1");
  }

  private static Finding check(String mode, String mx) {
    String policy = "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 604800\n";
    return check(_ -> policy.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aPolicyThatNamesThisServerIsGood() {
    assertThat(check("enforce", "mx1.example.test"))
        .isEqualTo(
            new Finding.Good(
                "version: STSv1; mode: enforce; mx: mx1.example.test; max_age: 604800"));
    assertThat(check("testing", "*.example.test")).isInstanceOf(Finding.Good.class);
    assertThat(check("none", "old.example.test")).isInstanceOf(Finding.Good.class);
  }

  @Test
  void oneThatNamesAnotherKeepsMailAway() {
    Finding finding = check("enforce", "old.example.test");
    assertThat(finding).isInstanceOf(Finding.Wrong.class);
    assertThat(((Finding.Wrong) finding).why()).isEqualTo("the policy does not name this server");
  }

  @Test
  void oneThatCannotBeHadOrReadIsPromisedInVain() {
    assertThat(
            check(_ -> {
              throw new IOException("status 404");
            }))
        .isEqualTo(new Finding.Wrong("v=STSv1; id=1", "the policy cannot be had: status 404"));
    assertThat(check(_ -> "<html>".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(Finding.Wrong.class);
  }
}
