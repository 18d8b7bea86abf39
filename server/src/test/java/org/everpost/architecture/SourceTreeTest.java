package org.everpost.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of docs/style.md about the source files themselves. */
class SourceTreeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CITATION = Pattern.compile("RFC (\\d{3,5})");
  private static final Pattern LISTED =
      Pattern.compile("^\\| \\[(\\d+)\\]\\(.*\\) \\| .* \\| (yes|partly|no) \\|.*\\|$");

  private static List<Path> sources(String... kinds) {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .filter(f -> !f.toString().contains("/target/"))
          .filter(f -> Stream.of(kinds).anyMatch(k -> f.toString().contains("/src/" + k + "/")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noFileIsTooLong() {
    assertThat(sources("main"))
        .allSatisfy(f -> assertThat(text(f).lines().count()).as(f.toString()).isLessThan(600));
    assertThat(sources("test"))
        .allSatisfy(f -> assertThat(text(f).lines().count()).as(f.toString()).isLessThan(1_000));
  }

  @Test
  void everyPackageHasItsSign() {
    Set<Path> packages =
        sources("main").stream()
            .map(Path::getParent)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages)
        .allSatisfy(p -> {
          Path sign = p.resolve("package-info.java");
          assertThat(sign).exists();
          assertThat(text(sign)).contains("@NullMarked", "<b>Purpose:</b>", "<b>Threads:</b>");
        });
  }

  @Test
  void everyCitedStandardIsListedAndEveryListedOneIsCited() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/standards.md"))) {
      Matcher matcher = LISTED.matcher(line);
      if (matcher.matches()) {
        listed.put(matcher.group(1), matcher.group(2));
      }
    }
    Set<String> cited = new TreeSet<>();
    for (Path source : sources("main")) {
      CITATION.matcher(text(source)).results().forEach(m -> cited.add(m.group(1)));
    }
    Set<String> citedOrTested = new TreeSet<>(cited);
    for (Path source : sources("test")) {
      CITATION.matcher(text(source)).results().forEach(m -> citedOrTested.add(m.group(1)));
    }
    assertThat(listed.keySet())
        .as("docs/standards.md lists what main code cites")
        .containsAll(cited);
    assertThat(citedOrTested)
        .as("what docs/standards.md calls done is cited where it is done")
        .containsAll(
            listed.entrySet().stream()
                .filter(e -> e.getValue().equals("yes"))
                .map(Map.Entry::getKey)
                .toList());
  }

  @Test
  void nothingIsUnfinishedOrSwitchedOff() {
    Pattern unfinished = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b|@Dis" + "abled");
    assertThat(sources("main", "test").stream().filter(f -> unfinished.matcher(text(f)).find()))
        .isEmpty();
  }
}
