package org.everpost.core.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.core.dns.DnsFixture.failed;
import static org.everpost.core.dns.DnsFixture.found;
import static org.everpost.core.dns.DnsFixture.name;
import static org.everpost.core.dns.DnsFixture.none;

import java.util.List;
import java.util.SplittableRandom;
import org.everpost.testkit.dns.DnsStandIn;
import org.everpost.testkit.dns.Fault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;

/** What is no answer to a question is not taken for one, and nothing of it is remembered. */
class HostileAnswersTest {

  private final DnsFixture f = new DnsFixture();
  private final DnsStandIn dns = f.dns;
  private final CachingResolver resolver = f.resolver();

  @AfterEach
  void close() {
    f.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"WRONG_ID", "WRONG_QUESTION", "NOT_A_RESPONSE", "CUT_OFF", "GARBAGE"})
  void whatDoesNotMatchIsPassedOver(Fault fault) {
    dns.a("host.test", "192.0.2.1").fault("host.test", fault);
    CachingResolver impatient = f.impatient();
    failed(impatient.ipv4(name("host.test")));
    assertThat(impatient.counters().servers().getFirst().strays()).isPositive();
    none(impatient.ipv4(name("victim.test")));
  }

  @Test
  void forgeriesDoNotKeepTheRightAnswerAway() {
    dns.a("host.test", "192.0.2.1").fault("host.test", Fault.FORGERIES_FIRST);
    assertThat(found(resolver.ipv4(name("host.test"))).records().getFirst().getHostAddress())
        .isEqualTo("192.0.2.1");
    assertThat(resolver.counters().servers().getFirst().strays()).isEqualTo(3);
    assertThat(dns.queries()).hasSize(1);
  }

  @Test
  void whatNobodyAskedForIsNotUsed() {
    dns.a("host.test", "192.0.2.1").fault("host.test", Fault.FOREIGN_RECORDS);
    assertThat(found(resolver.ipv4(name("host.test"))).records()).hasSize(1);
    none(resolver.ipv4(name("victim.test")));
    none(resolver.mx(name("victim.test")));
    none(resolver.mx(name("host.test")));
  }

  @Test
  void aChainOfAliasesIsFollowedInOneAnswer() {
    dns.cname("a.test", "b.test").cname("b.test", "c.test").a("c.test", "192.0.2.1");
    DnsAnswer.Found<?> found = found(resolver.ipv4(name("a.test")));
    assertThat(found.name()).isEqualTo(name("c.test"));
    assertThat(dns.queries()).hasSize(1);
    assertThat(none(resolver.mx(name("a.test"))).nameExists()).isTrue();
  }

  @Test
  void andInSeveral() {
    dns.cname("a.test", "b.test").cname("b.test", "c.test").a("c.test", "192.0.2.1");
    dns.cname("gone.test", "nowhere.test").fault("test", Fault.ONE_ALIAS_A_TIME);
    assertThat(found(resolver.ipv4(name("a.test"))).name()).isEqualTo(name("c.test"));
    assertThat(dns.queries())
        .extracting(DnsStandIn.Query::name)
        .containsExactly("a.test", "b.test", "c.test");
    assertThat(none(resolver.ipv4(name("gone.test"))).nameExists()).isFalse();
  }

  @Test
  void aliasesEnd() {
    dns.fault("endless.test", Fault.ENDLESS_ALIASES).fault("self.test", Fault.ALIAS_OF_ITSELF);
    dns.cname("x.test", "y.test").cname("y.test", "x.test");
    dns.cname("p.test", "q.test").cname("q.test", "p.test").fault("p.test", Fault.ONE_ALIAS_A_TIME);
    dns.fault("q.test", Fault.ONE_ALIAS_A_TIME);
    assertThat(failed(resolver.ipv4(name("endless.test")))).isEqualTo("too many aliases");
    assertThat(dns.queries()).hasSize(6);
    String circle = "the aliases go round in a circle";
    assertThat(failed(resolver.ipv4(name("self.test")))).isEqualTo(circle);
    assertThat(failed(resolver.ipv4(name("x.test")))).isEqualTo(circle);
    assertThat(failed(resolver.ipv4(name("p.test")))).isEqualTo(circle);
  }

  @Test
  void asManyAliasesAsAreAllowedAndNoMore() {
    for (int i = 0; i < 6; i++) {
      dns.cname("a" + i + ".test", "a" + (i + 1) + ".test");
    }
    dns.a("a6.test", "192.0.2.1");
    found(resolver.ipv4(name("a1.test")));
    assertThat(failed(resolver.ipv4(name("a0.test")))).isEqualTo("too many aliases");
  }

  @Test
  void aNameIsAnAliasOfOneOtherOnly() {
    dns.cname("two.test", "a.test").cname("same.test", "a.test").a("a.test", "192.0.2.1");
    Name two = Name.fromConstantString("two.test.");
    Name same = Name.fromConstantString("same.test.");
    dns.add(new CNAMERecord(two, DClass.IN, 300, Name.fromConstantString("b.test.")));
    dns.add(new CNAMERecord(same, DClass.IN, 300, Name.fromConstantString("A.test.")));
    assertThat(failed(resolver.ipv4(name("two.test"))))
        .isEqualTo("a name is an alias of two others");
    found(resolver.ipv4(name("same.test")));
  }

  @Test
  void anAliasWithAnOddNameHasNoUse() {
    dns.cname("odd.test", "o d.test").a("o d.test", "192.0.2.1");
    assertThat(failed(resolver.ipv4(name("odd.test")))).isEqualTo("no record that can be used");
  }

  @Test
  void recordsOfANameThatDoesNotExistAreALie() {
    dns.a("host.test", "192.0.2.1").reply("host.test", octets -> withRcode(octets, 3));
    assertThat(failed(resolver.ipv4(name("host.test")))).contains("said not to exist");
  }

  private static byte[] withRcode(byte[] answer, int rcode) {
    answer[3] = (byte) ((answer[3] & 0xf0) | rcode);
    return answer;
  }

  @Test
  void thatNothingMatchesIsFoundOutBeforeAllOfItIsRead() {
    dns.reply("host.test", octets -> withCounts(octets, 0xffff));
    CachingResolver impatient = f.impatient();
    failed(impatient.ipv4(name("host.test")));
    assertThat(impatient.counters().servers().getFirst().strays()).isPositive();
  }

  private static byte[] withCounts(byte[] answer, int records) {
    for (int at : new int[] {6, 8, 10}) {
      answer[at] = (byte) (records >> 8);
      answer[at + 1] = (byte) records;
    }
    return answer;
  }

  /** Whatever octets come, they are read or not, and nothing is thrown. */
  @Test
  void damagedAnswersDoNoHarm() {
    SplittableRandom random = new SplittableRandom(5);
    List<byte[]> answers = AnswerFuzzTest.answers().toList();
    int understood = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] octets = answers.get(i % answers.size()).clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      understood += AnswerFuzzTest.read(octets) ? 1 : 0;
    }
    assertThat(understood).isBetween(1_000, 39_000);
  }
}
