package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.everpost.core.event.AdminEvent;
import org.everpost.core.event.Event;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.memory.MemoryStore;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.junit.jupiter.api.Test;

class DirectoryTest {

  private static final DomainName HERE = DomainName.of("example.test");
  private static final DomainName THERE = DomainName.of("other.test");
  private static final StoredPassword PASSWORD = new StoredPassword("$6$salt$hash", null);

  private final Clock clock = Clock.system();
  private final RandomSource random = RandomSource.seeded(1);
  private final MemoryStore store = new MemoryStore(clock, random);
  private final List<Event> events = new ArrayList<>();
  private final Directory directory =
      new Directory(store.ledger(), store.shared(), clock, random, events::add);

  private static EmailAddress at(String address) {
    return EmailAddress.of(address);
  }

  private Account add(String address) {
    assertThat(directory.addAccount(at(address), PASSWORD, Quota.UNLIMITED)).isEqualTo(Change.DONE);
    return directory.account(at(address)).orElseThrow();
  }

  private void alias(String address, String... targets) {
    List<EmailAddress> all = List.of(targets).stream().map(DirectoryTest::at).toList();
    assertThat(directory.addAlias(at(address), all)).isEqualTo(Change.DONE);
  }

  private static Resolution to(Account... accounts) {
    return new Resolution.Deliver(List.of(accounts), List.of());
  }

  private Resolution resolve(String address) {
    return directory.resolve(at(address));
  }

  @Test
  void domainsComeAndGo() {
    assertThat(directory.isLocal(HERE)).isFalse();
    assertThat(directory.deleteDomain(HERE)).isEqualTo(Change.NO_SUCH_DOMAIN);
    assertThat(directory.addDomain(HERE)).isEqualTo(Change.DONE);
    assertThat(directory.addDomain(HERE)).isEqualTo(Change.ALREADY_EXISTS);
    assertThat(directory.addDomain(THERE)).isEqualTo(Change.DONE);
    assertThat(directory.isLocal(HERE)).isTrue();
    assertThat(directory.domains()).containsExactlyInAnyOrder(HERE, THERE);
    add("alice@example.test");
    assertThat(directory.deleteDomain(HERE)).isEqualTo(Change.NOT_EMPTY);
    directory.deleteAccount(directory.account(at("alice@example.test")).orElseThrow());
    assertThat(directory.deleteDomain(HERE)).isEqualTo(Change.DONE);
    assertThat(directory.isLocal(HERE)).isFalse();
    assertThat(directory.domains()).containsExactly(THERE);
    assertThat(directory.addDomain(HERE)).isEqualTo(Change.DONE);
    assertThat(resolve("alice@example.test")).isEqualTo(new Resolution.NoSuchUser());
    assertThat(events).hasOnlyElementsOfType(AdminEvent.DirectoryChanged.class).hasSize(6);
  }

  @Test
  void anAccountIsFoundWhateverTheCaseAndTheDetail() {
    directory.addDomain(HERE);
    Account alice = add("Alice.Smith@example.test");
    assertThat(resolve("alice.smith@EXAMPLE.test")).isEqualTo(to(alice));
    assertThat(resolve("ALICE.SMITH+lists+java@example.test")).isEqualTo(to(alice));
    assertThat(alice.address().localPart()).isEqualTo("Alice.Smith");
    assertThat(directory.addAccount(at("alice.SMITH@example.test"), PASSWORD, Quota.UNLIMITED))
        .isEqualTo(Change.ALREADY_EXISTS);
    assertThat(resolve("alice@example.test")).isEqualTo(new Resolution.NoSuchUser());
    assertThat(resolve("alice.smith@other.test")).isEqualTo(new Resolution.NotLocal());
    assertThat(directory.account(at("alice.smith+x@example.test"))).isEmpty();
  }

  @Test
  void whatTheOwnerOfAnAddressReads() {
    directory.addDomain(HERE);
    Account alice = add("alice@example.test");
    assertThat(
            directory.addAccount(
                at("bob@example.test"), PASSWORD, Quota.UNLIMITED, Language.GERMAN))
        .isEqualTo(Change.DONE);
    alias("info@example.test", "far@elsewhere.test", "bob@example.test", "alice@example.test");
    alias("far@example.test", "far@elsewhere.test");
    assertThat(directory.language(at("bob+x@example.test"))).contains(Language.GERMAN);
    assertThat(directory.language(at("info@example.test"))).contains(Language.GERMAN);
    for (String other :
        List.of("alice@example.test", "far@example.test", "x@example.test", "x@elsewhere.test")) {
      assertThat(directory.language(at(other))).as(other).isEmpty();
    }
    assertThat(directory.setLanguage(alice, Language.ENGLISH)).isEqualTo(Change.DONE);
    assertThat(directory.language(at("alice@example.test"))).contains(Language.ENGLISH);
    directory.setSending(alice, new SendingShare.Percent(200));
    directory.changePassword(alice, new StoredPassword("$6$salt$other", null));
    assertThat(directory.language(at("alice@example.test"))).contains(Language.ENGLISH);
    assertThat(directory.setLanguage(alice, null)).isEqualTo(Change.DONE);
    assertThat(directory.language(at("alice@example.test"))).isEmpty();
  }

  @Test
  void anExactLocalPartWinsOverADetail() {
    directory.addDomain(HERE);
    Account alice = add("alice@example.test");
    Account odd = add("alice+odd@example.test");
    assertThat(resolve("alice+odd@example.test")).isEqualTo(to(odd));
    assertThat(resolve("alice+other@example.test")).isEqualTo(to(alice));
    assertThat(resolve("+alice@example.test")).isEqualTo(new Resolution.NoSuchUser());
  }

  @Test
  void internationalLocalPartsFoldToo() {
    directory.addDomain(HERE);
    Account jorg = add("Jörg@example.test");
    assertThat(resolve("jO\u0308RG@example.test")).isEqualTo(to(jorg));
    Account sigma = add("ΟΔΟΣ@example.test");
    assertThat(resolve("οδος@example.test")).isEqualTo(to(sigma));
    assertThat(resolve("οδοσ@example.test")).isEqualTo(to(sigma));
    Account admin = add("admin@example.test");
    assertThat(resolve("ADMIN@example.test")).isEqualTo(to(admin));
    assertThat(resolve("adm\u0131n@example.test")).isEqualTo(new Resolution.NoSuchUser());
  }

  @Test
  void aliasesNestAndLoopsAreCut() {
    directory.addDomain(HERE);
    directory.addDomain(THERE);
    Account alice = add("alice@example.test");
    Account bob = add("bob@other.test");
    alias("a@example.test", "b@other.test", "alice+x@example.test");
    alias("b@other.test", "a@example.test", "bob@other.test", "carol@elsewhere.test");
    assertThat(resolve("A+z@example.test"))
        .isEqualTo(
            new Resolution.Deliver(List.of(alice, bob), List.of(at("carol@elsewhere.test"))));
    alias("loop@example.test", "loop@example.test");
    assertThat(resolve("loop@example.test")).isEqualTo(new Resolution.NoSuchUser());
  }

  @Test
  void addingToAnAliasExtendsIt() {
    directory.addDomain(HERE);
    Account alice = add("alice@example.test");
    Account bob = add("bob@example.test");
    alias("team@example.test", "alice@example.test");
    alias("TEAM@example.test", "alice@example.test", "bob@example.test");
    assertThat(directory.addAlias(at("team@example.test"), List.of(at("bob@example.test"))))
        .isEqualTo(Change.UNCHANGED);
    assertThat(resolve("team@example.test")).isEqualTo(to(alice, bob));
    assertThat(directory.aliases(HERE))
        .containsExactly(
            new Alias(
                HERE,
                at("team@example.test"),
                List.of(at("alice@example.test"), at("bob@example.test"))));
    assertThat(directory.addAlias(at("alice@example.test"), List.of(at("bob@example.test"))))
        .isEqualTo(Change.ALREADY_EXISTS);
    assertThat(directory.addAlias(at("none@example.test"), List.of()))
        .isEqualTo(Change.BAD_TARGET_COUNT);
    assertThat(directory.deleteAlias(at("Team@example.test"))).isEqualTo(Change.DONE);
    assertThat(directory.deleteAlias(at("team@example.test"))).isEqualTo(Change.NO_SUCH_ADDRESS);
    assertThat(directory.deleteAlias(at("alice@example.test"))).isEqualTo(Change.NO_SUCH_ADDRESS);
  }

  @Test
  void tooManyTargetsAreRefusedAsAWhole() {
    directory.addDomain(HERE);
    List<EmailAddress> many = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      many.add(at("user" + i + "@elsewhere.test"));
    }
    directory.addAlias(at("one@example.test"), many);
    directory.addAlias(
        at("two@example.test"),
        many.stream().map(a -> new EmailAddress("x" + a.localPart(), a.domain())).toList());
    alias("all@example.test", "one@example.test", "two@example.test");
    assertThat(resolve("one@example.test")).isInstanceOf(Resolution.Deliver.class);
    assertThat(resolve("all@example.test")).isEqualTo(new Resolution.TooManyTargets());
    many.addAll(many.stream().map(a -> new EmailAddress("y" + a.localPart(), HERE)).toList());
    assertThat(directory.addAlias(at("big@example.test"), many)).isEqualTo(Change.BAD_TARGET_COUNT);
  }

  @Test
  void theCatchAllGetsWhatNobodyHas() {
    directory.addDomain(HERE);
    Account alice = add("alice@example.test");
    Account bob = add("bob@example.test");
    assertThat(directory.addCatchAll(HERE, List.of(at("bob@example.test")))).isEqualTo(Change.DONE);
    assertThat(resolve("anybody@example.test")).isEqualTo(to(bob));
    assertThat(resolve("alice@example.test")).isEqualTo(to(alice));
    assertThat(directory.aliases(HERE).getFirst().name()).isEqualTo("@example.test");
    assertThat(directory.deleteCatchAll(HERE)).isEqualTo(Change.DONE);
    assertThat(resolve("anybody@example.test")).isEqualTo(new Resolution.NoSuchUser());
  }

  @Test
  void thePostmasterOfEveryDomainIsSomebody() {
    directory.addDomain(HERE);
    assertThat(resolve("postmaster@example.test")).isEqualTo(new Resolution.NoSuchUser());
    Account alice = add("alice@example.test");
    Account bob = add("bob@example.test");
    assertThat(resolve("Postmaster@example.test")).isEqualTo(to(alice));
    assertThat(resolve("postmaster+x@example.test")).isEqualTo(to(alice));
    assertThat(directory.mayUse(alice, at("postmaster@example.test"))).isFalse();
    directory.deleteAccount(alice);
    assertThat(resolve("postmaster@example.test")).isEqualTo(to(bob));
    alias("postmaster@example.test", "bob@example.test");
    assertThat(directory.mayUse(bob, at("postmaster@example.test"))).isTrue();
    Account carol = add("carol@example.test");
    directory.deleteAlias(at("postmaster@example.test"));
    alias("postmaster@example.test", "carol@example.test");
    assertThat(resolve("postmaster@example.test")).isEqualTo(to(carol));
  }

  @Test
  void aDisabledAccountReceivesNothing() {
    directory.addDomain(HERE);
    Account alice = add("alice@example.test");
    Account bob = add("bob@example.test");
    alias("both@example.test", "alice@example.test", "bob@example.test");
    assertThat(directory.setDisabled(alice, true)).isEqualTo(Change.DONE);
    assertThat(directory.setDisabled(alice, true)).isEqualTo(Change.UNCHANGED);
    assertThat(resolve("alice@example.test")).isEqualTo(new Resolution.Disabled());
    assertThat(resolve("both@example.test")).isEqualTo(to(bob));
    assertThat(directory.setDisabled(alice, false)).isEqualTo(Change.DONE);
    assertThat(resolve("alice@example.test")).isEqualTo(to(alice));
  }

  @Test
  void whatIsDoneToAnAccountIsNotDoneToItsSuccessor() {
    directory.addDomain(HERE);
    Account old = add("alice@example.test");
    assertThat(directory.deleteAccount(old)).isEqualTo(Change.DONE);
    Account young = add("alice@example.test");
    assertThat(young.id()).isNotEqualTo(old.id());
    assertThat(directory.deleteAccount(old)).isEqualTo(Change.NO_SUCH_ADDRESS);
    assertThat(directory.setDisabled(old, true)).isEqualTo(Change.NO_SUCH_ADDRESS);
    assertThat(directory.setQuota(young, new Quota(5, 6))).isEqualTo(Change.DONE);
    assertThat(directory.account(young.address()).orElseThrow().quota()).isEqualTo(new Quota(5, 6));
  }

  @Test
  void aLoginNameIsTheMainAddress() {
    directory.addDomain(HERE);
    directory.addDomain(THERE);
    Account alice = add("alice@example.test");
    Account other = add("alice@other.test");
    alias("sales@example.test", "alice@example.test");
    DomainName first = directory.defaultDomain().orElseThrow();
    assertThat(directory.login("Alice")).contains(first.equals(HERE) ? alice : other);
    assertThat(directory.login("ALICE@other.test")).contains(other);
    assertThat(directory.login("sales@example.test")).isEmpty();
    assertThat(directory.login("alice+x@example.test")).isEmpty();
    assertThat(directory.login("")).isEmpty();
    assertThat(directory.login("alice@")).isEmpty();
    assertThat(directory.login("alice@bad domain")).isEmpty();
    assertThat(directory.login("x".repeat(100))).isEmpty();
  }

  /** Nobody has to know when an address takes quotation marks in order to log in. */
  @Test
  void anUnusualNameLogsInWithQuotationMarksOrWithout() {
    directory.addDomain(HERE);
    Account odd = add("\"Odd Name\"@example.test");
    for (String name :
        List.of(
            "odd name@example.test",
            "\"odd name\"@example.test",
            "Odd Name",
            "\"o\\dd name\"@EXAMPLE.test")) {
      assertThat(directory.login(name)).as(name).contains(odd);
      assertThat(directory.loginKey(name)).as(name).isEqualTo("odd name@example.test");
    }
    assertThat(resolve("\"odd name\"@example.test")).isEqualTo(to(odd));
  }

  @Test
  void anAccountMaySendAsWhateverReachesIt() {
    directory.addDomain(HERE);
    Account alice = add("alice@example.test");
    Account bob = add("bob@example.test");
    alias("sales@example.test", "both@example.test", "x@elsewhere.test");
    alias("both@example.test", "alice@example.test", "bob@example.test");
    assertThat(directory.mayUse(alice, at("ALICE@example.test"))).isTrue();
    assertThat(directory.mayUse(alice, at("alice+tag@example.test"))).isTrue();
    assertThat(directory.mayUse(alice, at("sales@example.test"))).isTrue();
    assertThat(directory.mayUse(bob, at("sales+x@example.test"))).isTrue();
    assertThat(directory.mayUse(bob, at("alice@example.test"))).isFalse();
    assertThat(directory.mayUse(bob, at("nobody@example.test"))).isFalse();
    assertThat(directory.mayUse(bob, at("x@elsewhere.test"))).isFalse();
  }
}
