package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.everpost.core.event.EventSink;
import org.everpost.core.time.ManualClock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountImportTest implements ImportListener {

  private static final DomainName HERE = DomainName.of("example.test");
  private static final DomainName THERE = DomainName.of("other.test");
  private static final String ARGON =
      "$argon2id$v=19$m=65536,t=3,p=1$40+vwpjAz3/i0ZJf6k/wBw$EwhfEsRBPyyvxCvAkEs1";

  private final ManualClock clock = new ManualClock();
  private final RandomSource random = RandomSource.seeded(4);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final Directory directory =
      new Directory(store.ledger(), false, clock, random, EventSink.NONE);
  private final List<String> bad = new ArrayList<>();
  private final List<Long> progress = new ArrayList<>();

  @Override
  public void progress(long lines) {
    progress.add(lines);
  }

  @Override
  public void badLine(long line, String reason) {
    bad.add(line + ": " + reason);
  }

  @BeforeEach
  void domains() {
    directory.addDomain(HERE);
    directory.addDomain(THERE);
  }

  private ImportResult run(String... lines) throws IOException {
    bad.clear();
    progress.clear();
    return directory.importAccounts(
        new StringReader(String.join("\n", lines)), AccountImportTest::problem, this);
  }

  private static Optional<String> problem(String hash) {
    return hash.startsWith("$") ? Optional.empty() : Optional.of("no hash");
  }

  private AccountRow row(String address) {
    EmailAddress parsed = EmailAddress.of(address);
    byte[] value =
        store
            .ledger()
            .read(RowCache.partition(parsed.domain()))
            .get(AddressRow.key(LocalPartRules.fold(parsed.localPart())));
    assertThat(value).as(address).isNotNull();
    return (AccountRow) AddressRow.decode(value);
  }

  private long version() {
    return store.ledger().read(new Partition(PartitionKind.DOMAIN, "example.test")).version();
  }

  @Test
  void linesBecomeAccounts() throws IOException {
    assertThat(
            run(
                "\ufeffAlice@example.test,$1$hash",
                "",
                "# a comment",
                "bob@other.test , $2$hash , 500MB",
                "\"\"\"odd,name\"\"@example.test\",$3$hash\r",
                "\"\"\"c,d\"\"@example.test\",\"$4$ha,sh\",1000",
                "erin@example.test," + ARGON,
                "frank@example.test," + ARGON + ",2GiB",
                "gina@example.test,$5$hash,"))
        .isEqualTo(new ImportResult(7, 0, 0, 0, 0));
    assertThat(bad).isEmpty();
    assertThat(row("\"odd,name\"@example.test").password().hash()).isEqualTo("$3$hash");
    assertThat(row("alice@example.test").account().address().localPart()).isEqualTo("Alice");
    assertThat(row("bob@other.test").account().quota()).isEqualTo(new Quota(500_000_000, 0));
    assertThat(row("\"c,d\"@example.test").password().hash()).isEqualTo("$4$ha,sh");
    assertThat(row("\"c,d\"@example.test").account().quota().octets()).isEqualTo(1_000);
    assertThat(row("erin@example.test").password().hash()).isEqualTo(ARGON);
    assertThat(row("frank@example.test").account().quota().octets()).isEqualTo(2L << 30);
    assertThat(row("gina@example.test").imported()).isTrue();
    assertThat(directory.details(EmailAddress.of("gina@example.test")).orElseThrow())
        .matches(AccountDetails::isEstablished);
    assertThat(directory.login("alice@example.test")).isPresent();
  }

  @Test
  void anAddressIsInOneLineOnly() throws IOException {
    String[] lines = {
      "alice@example.test,no hash",
      "alice@example.test,$1$first",
      "bob@example.test,$1$x",
      "ALICE@example.test,$1$second",
      "bob@example.test,$1$x",
      "bob@example.test,$1$x,1GB",
    };
    assertThat(run(lines)).isEqualTo(new ImportResult(2, 0, 1, 0, 3));
    assertThat(bad)
        .containsExactly(
            "1: no hash",
            "4: ALICE@example.test stands in line 2 already",
            "6: bob@example.test stands in line 3 already");
    long version = version();
    assertThat(run(lines)).isEqualTo(new ImportResult(0, 0, 3, 0, 3));
    assertThat(version()).isEqualTo(version);
    assertThat(row("alice@example.test").password().hash()).isEqualTo("$1$first");
  }

  @Test
  void whatIsNotUtf8IsNotGuessed() throws IOException {
    assertThat(run("m\ufffdller@example.test,$1$x")).isEqualTo(new ImportResult(0, 0, 0, 0, 1));
    assertThat(bad).containsExactly("1: the line is not UTF-8");
  }

  @Test
  void badLinesAreToldAndTheGoodOnesDone() throws IOException {
    directory.addAlias(
        EmailAddress.of("sales@example.test"), List.of(EmailAddress.of("x@elsewhere.test")));
    assertThat(
            run(
                "nonsense",
                "alice@example.test",
                "alice@example.test,",
                "no address,$1$x",
                "odd name@example.test,$1$x",
                "a@nowhere.test,$1$x",
                "b@example.test,secret password",
                "c@example.test,$1$x,many",
                "sales@example.test,$1$x",
                "\"d@example.test,$1$x",
                "e@example.test,$1$" + "x".repeat(5_000),
                "abJnggxhB/yWI,alice@example.test",
                "good@example.test,$1$x"))
        .isEqualTo(new ImportResult(1, 0, 0, 0, 12));
    assertThat(bad)
        .hasSize(12)
        .noneMatch(line -> line.contains("secret"))
        .noneMatch(line -> line.contains("abJnggxhB"));
    assertThat(bad.stream().map(line -> line.substring(0, line.indexOf(':'))))
        .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
    assertThat(directory.accounts(HERE)).hasSize(1);
  }

  @Test
  void runningItAgainChangesNothing() throws IOException {
    String[] lines = {"a@example.test,$1$x,5MB", "b@example.test,$1$y", "c@other.test,$1$z"};
    run(lines);
    long before = version();
    AccountRow a = row("a@example.test");
    assertThat(run(lines)).isEqualTo(new ImportResult(0, 0, 3, 0, 0));
    assertThat(version()).isEqualTo(before);
    assertThat(row("a@example.test")).isEqualTo(a);
  }

  @Test
  void aNewHashOrQuotaInTheFileCounts() throws IOException {
    run("a@example.test,$1$x,5MB", "b@example.test,$1$y,5MB");
    AccountId id = row("a@example.test").account().id();
    assertThat(run("a@example.test,$1$new", "b@example.test,$1$y,6MB"))
        .isEqualTo(new ImportResult(0, 2, 0, 0, 0));
    assertThat(row("a@example.test").password().hash()).isEqualTo("$1$new");
    assertThat(row("a@example.test").account().quota().octets()).isEqualTo(5_000_000);
    assertThat(row("a@example.test").account().id()).isEqualTo(id);
    assertThat(row("b@example.test").account().quota().octets()).isEqualTo(6_000_000);
  }

  @Test
  void aPasswordThatWasReplacedHereIsKept() throws IOException {
    String[] lines = {"a@example.test,$1$x", "b@example.test,$1$y", "c@example.test,$1$z"};
    run(lines);
    AccountCredentials a = directory.credentials("a@example.test").orElseThrow();
    directory.upgradePassword(a, new StoredPassword("$argon$a", null));
    directory.changePassword(
        directory.login("b@example.test").orElseThrow(), new StoredPassword("$argon$b", null));
    directory.addAccount(
        EmailAddress.of("own@example.test"),
        new StoredPassword("$argon$own", null),
        Quota.UNLIMITED);
    assertThat(
            run(
                "a@example.test,$1$x",
                "b@example.test,$1$y,7MB",
                "c@example.test,$1$z",
                "own@example.test,$1$o"))
        .isEqualTo(new ImportResult(0, 1, 1, 2, 0));
    assertThat(row("a@example.test").password().hash()).isEqualTo("$argon$a");
    assertThat(row("b@example.test").password().hash()).isEqualTo("$argon$b");
    assertThat(row("b@example.test").account().quota().octets()).isEqualTo(7_000_000);
    assertThat(row("own@example.test").password().hash()).isEqualTo("$argon$own");
  }

  @Test
  void manyGoInBoundedCommits() throws IOException {
    String[] lines = new String[12_000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "user" + i + "@example.test,$6$salt$" + "h".repeat(86) + ",1GB";
    }
    assertThat(run(lines)).isEqualTo(new ImportResult(12_000, 0, 0, 0, 0));
    assertThat(version()).isBetween(20L, 40L);
    assertThat(progress).hasSize(25).isSorted().endsWith(12_000L);
    assertThat(directory.accounts(HERE)).hasSize(12_000);
    assertThat(directory.resolve(EmailAddress.of("postmaster@example.test")))
        .isEqualTo(new Resolution.Deliver(List.of(row("user0@example.test").account()), List.of()));
  }
}
