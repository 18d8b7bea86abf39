package org.everpost.core.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigException;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the configuration may stand in DNS. */
class DomainFactsTest {

  @TempDir Path directory;

  private DomainFacts facts(String configuration) throws IOException, ConfigException {
    Path file = directory.resolve("everpost.toml");
    Files.writeString(file, "hostname = \"mx1.example.test\"\ndata = \"data\"\n" + configuration);
    return DomainFacts.of(
        Config.load(file),
        DomainName.of("example.test"),
        List.of(),
        ZoneFixture.addresses("127.0.0.1", "192.168.0.5", "192.0.2.5"),
        Instant.EPOCH);
  }

  @Test
  void addressesSourcesAndPorts() throws Exception {
    DomainFacts facts =
        facts(
            """
            [listen]
            smtp = ["192.0.2.1:25", "192.0.2.1:2525", "[2001:db8::1]:25"]
            imaps = ["127.0.0.1:9993"]
            submissions = ["0.0.0.0:465"]
            [relay]
            source-addresses = ["192.0.2.7", "10.0.0.7"]
            smart-host = "smtp.example.net:587"
            """);
    assertThat(facts.addresses())
        .containsExactly(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
    assertThat(facts.sources()).containsExactly(InetAddress.ofLiteral("192.0.2.7"));
    assertThat(facts.ports()).isEqualTo(new DomainFacts.Ports(9_993, 0, 465));
    assertThat(facts.machine()).isEmpty();
    assertThat(facts.smartHost()).isEqualTo("smtp.example.net");
  }

  @Test
  void aSmartHostForSomeDomainsIsNotWhereAllMailGoes() throws Exception {
    assertThat(
            facts(
                    """
                    [relay]
                    smart-host = "smtp.example.net:587"
                    smart-host-domains = ["example.com"]
                    """)
                .smartHost())
        .isNull();
  }

  @Test
  void theAddressesOfTheMachineCountWhereItListensOnAll() throws Exception {
    DomainFacts facts = facts("[listen]\nsmtp = [\"0.0.0.0:25\", \"127.0.0.1:2525\"]\n");
    assertThat(facts.addresses()).isEmpty();
    assertThat(facts.machine()).containsExactly(InetAddress.ofLiteral("192.0.2.5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "[::]",
        "[::1]",
        "[fd00::1]",
        "[fe80::1]"
      })
  void whatNobodyElseReachesIsNotPublished(String address) throws Exception {
    assertThat(facts("[listen]\nsmtp = [\"" + address + ":25\"]\n").addresses()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"100.63.0.1", "100.128.0.1", "[fe00::1]", "172.32.0.1"})
  void whatIsBesideThoseIs(String address) throws Exception {
    assertThat(facts("[listen]\nsmtp = [\"" + address + ":25\"]\n").addresses()).hasSize(1);
  }
}
