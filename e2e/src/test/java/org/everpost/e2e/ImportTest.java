package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twelve thousand accounts come over from another server. */
@Tag("slow")
class ImportTest {

  private static final int ACCOUNTS = 12_000;

  private final Installation installation = Installation.create("ImportTest");

  @AfterEach
  void delete() {
    installation.delete();
  }

  private static String address(int number) {
    return "user" + number + "@example.test";
  }

  private static List<String> lines() {
    String hash = Installation.ssha512("secret");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      lines.add(address(i) + "," + hash + (i % 3 == 0 ? ",1GB" : ""));
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twelveThousand(boolean running, TestReporter reporter) throws IOException {
    installation.addDomain(Everpost.DOMAIN);
    Path file = installation.directory().resolve("accounts.csv");
    Files.write(file, lines());
    List<EverpostProcess> server = running ? List.of(installation.serve()) : List.of();
    try {
      Instant began = Instant.now();
      Tool.Result first = installation.command("account", "import", file.toString()).run().good();
      reporter.publishEntry(
          "seconds for 12,000 accounts",
          "" + Duration.between(began, Instant.now()).toMillis() / 1e3);
      assertThat(first.out()).contains("12000 added, 0 updated, 0 unchanged");
      Tool.Result second = installation.command("account", "import", file.toString()).run().good();
      assertThat(second.out()).contains("0 added, 0 updated, 12000 unchanged");
      assertThat(installation.done("account", "list").lines()).hasSize(ACCOUNTS);
      assertThat(Json.of(installation.done("account", "show", address(11_997), "--json")))
          .containsEntry("quota", 1_000_000_000L);
    } finally {
      server.forEach(EverpostProcess::close);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void badLinesAreNamedAndGoodOnesDone(boolean fromStandardInput) throws IOException {
    installation.addDomain(Everpost.DOMAIN);
    String hash = Installation.ssha512("secret");
    String text =
        String.join(
            "\n",
            "one@example.test," + hash,
            "no-address," + hash,
            "two@example.test,nonsense",
            "three@unknown.example," + hash,
            "",
            "four@example.test",
            "five@example.test," + hash + ",many",
            "six@example.test," + hash + ",1GB",
            "");
    Path file = installation.directory().resolve("accounts.csv");
    Files.writeString(file, text);

    Tool.Result result =
        fromStandardInput
            ? installation.command("account", "import", "-").input(text).run()
            : installation.command("account", "import", file.toString()).run();

    result.exited(1).says("line 2: ", "line 3: ", "line 4: ", "line 6: ", "line 7: ", "2 added");
    assertThat(result.err())
        .doesNotContain("line 1: ", "line 5: ", "line 8: ")
        .doesNotContain(hash);
    assertThat(installation.done("account", "list"))
        .isEqualTo("one@example.test\nsix@example.test\n");
  }
}
