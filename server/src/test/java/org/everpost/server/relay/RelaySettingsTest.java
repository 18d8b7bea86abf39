package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.everpost.core.config.Config;
import org.everpost.core.config.ConfigException;
import org.everpost.server.relay.Routes.Login;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the configuration to what the relay does. */
class RelaySettingsTest {

  @TempDir Path directory;

  private Config config(String relay) throws IOException, ConfigException {
    String text = "hostname = \"mx1.example.test\"\ndata = \"d\"\n[relay]\n" + relay;
    return Config.load(Files.writeString(directory.resolve("everpost.toml"), text));
  }

  private static Destination to(String domain) {
    return new Destination.Domain(DomainName.of(domain));
  }

  @Test
  void theSmartHostGetsThePasswordOtherRoutesDoNot() throws IOException, ConfigException {
    Files.writeString(directory.resolve("secret"), "pass word\nsomething else\n");
    RelaySettings settings =
        RelaySettings.of(
            config(
                """
                smart-host = "smart.test:587"
                smart-host-user = "us"
                smart-host-password-file = "secret"
                routes = { "a.test" = "127.0.0.1:25", "b.test" = "smart.test:587" }
                """));
    SmartHost smart = new SmartHost("smart.test", 587, new Login("us", "pass word"));
    assertThat(settings.routes().of(to("other.test"))).isEqualTo(smart);
    assertThat(settings.routes().of(to("b.test"))).isEqualTo(smart);
    assertThat(settings.routes().of(to("a.test"))).isEqualTo(new SmartHost("127.0.0.1", 25, null));
    assertThat(settings.toString()).doesNotContain("pass word");
  }

  @Test
  void theSmartHostMayBeForSomeDomainsOnly() throws IOException, ConfigException {
    Files.writeString(directory.resolve("secret"), "pass word\n");
    RelaySettings settings =
        RelaySettings.of(
            config(
                """
                smart-host = "smart.test:587"
                smart-host-user = "us"
                smart-host-password-file = "secret"
                smart-host-domains = ["a.test", "b.test"]
                routes = { "b.test" = "127.0.0.1:25" }
                """));
    assertThat(settings.routes().of(to("a.test")))
        .isEqualTo(new SmartHost("smart.test", 587, new Login("us", "pass word")));
    assertThat(settings.routes().of(to("b.test"))).isEqualTo(new SmartHost("127.0.0.1", 25, null));
    assertThat(settings.routes().of(to("other.test"))).isNull();
  }

  @Test
  void withoutASmartHostDnsSays() throws IOException, ConfigException {
    RelaySettings settings = RelaySettings.of(config("port = 2525\n"));
    assertThat(settings.routes().of(to("other.test"))).isNull();
    assertThat(settings.port()).isEqualTo(2525);
    assertThat(settings.hostname()).isEqualTo(DomainName.of("mx1.example.test"));
  }

  @Test
  void aMissingPasswordIsTold() throws IOException, ConfigException {
    Config config =
        config(
            """
            smart-host = "smart.test:587"
            smart-host-user = "us"
            smart-host-password-file = "secret"
            """);
    Path file = directory.resolve("secret");
    assertThatThrownBy(() -> RelaySettings.of(config)).hasMessage(file + ": does not exist");
    Files.writeString(file, "\n");
    assertThatThrownBy(() -> RelaySettings.of(config))
        .hasMessage(file + ": has no password in its first line");
  }
}
