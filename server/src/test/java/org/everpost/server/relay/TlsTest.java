package org.everpost.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.server.relay.RelayHouse.message;
import static org.everpost.server.relay.TestAuthority.tlsa;
import static org.everpost.testkit.smtp.PeerAction.hangUp;
import static org.everpost.testkit.smtp.PeerAction.say;
import static org.everpost.testkit.smtp.PeerAction.sayAndHangUp;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.config.RelayConfig.Tls;
import org.everpost.core.dns.TlsaRecord;
import org.everpost.core.spool.TlsDemand;
import org.everpost.server.relay.RecipientResult.Refused;
import org.everpost.server.relay.RecipientResult.Relayed;
import org.everpost.server.relay.Routes.SmartHost;
import org.everpost.server.relay.tls.TlsReports;
import org.everpost.testkit.smtp.PeerAction;
import org.everpost.testkit.smtp.ScriptedPeer;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.smtp.AddressLiteral;
import org.everpost.wire.tlsrpt.TlsReport.PolicyType;
import org.everpost.wire.tlsrpt.TlsReport.ResultType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with peers: as good as it gets, and no worse than was promised. */
class TlsTest {

  private static final String HOST = "mx.there.test";
  private static final TestAuthority AUTHORITY = new TestAuthority();
  private static final TestAuthority STRANGER = new TestAuthority();
  private static final TestAuthority.Server GOOD = AUTHORITY.server(HOST);

  private @Nullable ScriptedPeer peer;
  private @Nullable RelayHouse house;

  /** A house with one server of {@code there.test}, which has this certificate. */
  private RelayHouse house(TestAuthority.Server server, Tls tls, String... extensions) {
    end();
    ScriptedPeer its = new ScriptedPeer("127.0.0.1", 0, HOST, server.context(), extensions);
    RelayHouse made =
        new RelayHouse(its.port(), AUTHORITY.believed(), s -> RelayHouse.withTls(s, tls));
    made.dns.mx("there.test", 10, HOST).address(HOST, "127.0.0.1");
    peer = its;
    house = made;
    return made;
  }

  /** The same where DNSSEC vouches for all names, and with TLSA records. */
  private RelayHouse dane(TestAuthority.Server server, TlsaRecord... records) {
    RelayHouse made = house(server, Tls.OPPORTUNISTIC);
    String name = "_" + peer().port() + "._tcp." + HOST;
    made.dns.secure("there.test", HOST, name);
    for (TlsaRecord record : records) {
      made.dns.tlsa(name, record);
    }
    return made;
  }

  private ScriptedPeer peer() {
    return Objects.requireNonNull(peer);
  }

  @AfterEach
  void end() {
    if (house != null) {
      house.close();
    }
    if (peer != null) {
      peer.close();
    }
  }

  private void assertSecured(RelayHouse in) {
    assertThat(in.send("a@there.test")).allMatch(Relayed.class::isInstance);
    assertThat(peer().commands()).containsSubsequence("STARTTLS", "EHLO mx1.example.test", "QUIT");
    assertThat(peer().connections()).isEqualTo(1);
  }

  private void assertPlain(RelayHouse in, int connections) {
    assertThat(in.send("a@there.test")).allMatch(Relayed.class::isInstance);
    assertThat(peer().connections()).isEqualTo(connections);
    assertThat(peer().messages()).hasSize(1);
  }

  /** No message goes, and no better luck with more tries on the same server. */
  private void assertFailed(RelayHouse in, String status, String words) {
    Relay.Attempt.Failed failed = in.failure("there.test");
    assertThat(failed.reason().status()).hasToString(status);
    assertThat(failed.reason().text()).contains(words);
    assertThat(failed.permanent()).isFalse();
    assertThat(peer().commands()).noneMatch(c -> c.startsWith("MAIL"));
  }

  private static void assertReported(RelayHouse in, PolicyType type, @Nullable ResultType failure) {
    assertThat(in.reported).isNotEmpty();
    TlsReports.Session last = in.reported.getLast();
    assertThat(last.policy().type()).isEqualTo(type);
    assertThat(last.policy().told()).isEqualTo(DomainName.of("there.test"));
    assertThat(last.failure()).isEqualTo(failure);
  }

  // ---- opportunistic ----

  @Test
  void anyCertificateIsBetterThanNone() {
    assertSecured(house(STRANGER.server("other.test"), Tls.OPPORTUNISTIC));
    assertSecured(house(AUTHORITY.server(HOST, Duration.ofHours(-1), true), Tls.OPPORTUNISTIC));
  }

  @Test
  void aReplyBeforeTheEndOfAMessageIsNotBelievedUnderTlsEither() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    peer().at("DATA", say("354 Go", "250 2.0.0 Taken"));
    RecipientResult result = in.send("a@there.test").getFirst();
    assertThat(result).isInstanceOf(RecipientResult.Deferred.class);
    assertThat(result.reason().text()).contains("before its end");
  }

  @Test
  void whatWasSaidBeforeTlsCountsNoLonger() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    peer().at("EHLO", say("250-x", "250-SIZE 1", "250 STARTTLS"), say("250 x"));
    assertSecured(in);
  }

  @Test
  void whereTlsDoesNotWorkItGoesWithout() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    peer().at("STARTTLS", sayAndHangUp("220 Go ahead"));
    assertPlain(in, 2);
    in = house(GOOD, Tls.OPPORTUNISTIC);
    peer().at("STARTTLS", say("220 Go ahead", "this is no TLS"));
    assertPlain(in, 2);
    in = house(GOOD, Tls.OPPORTUNISTIC);
    peer().at("STARTTLS", hangUp());
    assertPlain(in, 2);
    in = house(GOOD, Tls.OPPORTUNISTIC);
    peer().at("STARTTLS", say("454 4.7.0 Not now"));
    assertPlain(in, 1);
    assertReported(in, PolicyType.NO_POLICY_FOUND, ResultType.STARTTLS_NOT_SUPPORTED);
  }

  @Test
  void whatIsSlippedInBehindTheGoAheadIsNotBelieved() {
    RelayHouse in = house(GOOD, Tls.REQUIRED);
    peer()
        .at(
            "STARTTLS",
            new PeerAction.StartTls("220 Go ahead\r\n250-x\r\n250 SIZE 1\r\n", GOOD.context()));
    assertFailed(in, "4.7.5", "TLS");
  }

  // ---- what the operator demands ----

  @ParameterizedTest
  @ValueSource(strings = {"REQUIRED", "VERIFIED"})
  void whereTlsIsRequiredNothingGoesWithout(Tls tls) {
    RelayHouse in = house(GOOD, tls);
    peer().at("EHLO", say("250 x"));
    assertFailed(in, "4.7.4", "offers no TLS");
    in = house(GOOD, tls);
    peer().at("STARTTLS", say("454 4.7.0 Not now"));
    assertFailed(in, "4.7.4", "offers no TLS");
    in = house(GOOD, tls);
    peer().at("STARTTLS", sayAndHangUp("220 Go ahead"));
    assertFailed(in, "4.7.5", "failed");
    in = house(GOOD, tls);
    peer().at("EHLO", say("502 What?"));
    assertFailed(in, "4.7.4", "offers no TLS");
    assertSecured(house(GOOD, tls));
  }

  @Test
  void requiredTlsTakesAnyCertificateVerifiedTlsOnlyAGoodOne() {
    assertSecured(house(STRANGER.server("other.test"), Tls.REQUIRED));
    assertFailed(house(STRANGER.server(HOST), Tls.VERIFIED), "4.7.5", "no known authority");
    assertFailed(house(AUTHORITY.server("other.test"), Tls.VERIFIED), "4.7.5", "another host");
    assertFailed(
        house(AUTHORITY.server(HOST, Duration.ofHours(-1), true), Tls.VERIFIED),
        "4.7.5",
        "expired");
    assertSecured(house(AUTHORITY.server("*.there.test"), Tls.VERIFIED));
    assertFailed(house(AUTHORITY.server("*.test"), Tls.VERIFIED), "4.7.5", "another host");
  }

  /** There is nothing a certificate of an address could be looked at for. */
  @Test
  void whereTlsIsVerifiedNothingGoesToAnAddress() {
    assertAddressFailed(Routes.NONE, "5.7.5", true);
    // The operator can mend it.
    assertAddressFailed(new Routes(Map.of(), new SmartHost("127.0.0.2", 1, null)), "4.7.5", false);
  }

  private static void assertAddressFailed(Routes routes, String status, boolean permanent) {
    try (ScriptedPeer its = new ScriptedPeer("127.0.0.2", 0, HOST, GOOD.context());
        RelayHouse in =
            new RelayHouse(
                its.port(),
                AUTHORITY.believed(),
                s -> RelayHouse.withRoutes(RelayHouse.withTls(s, Tls.VERIFIED), routes))) {
      Destination there = new Destination.Literal(new AddressLiteral("127.0.0.2"));
      assertThat(in.relay().connect(there, TlsDemand.USUAL, _ -> null))
          .isInstanceOfSatisfying(
              Relay.Attempt.Failed.class,
              failed -> {
                assertThat(failed.reason().status()).hasToString(status);
                assertThat(failed.reason().text()).contains("has no name");
                assertThat(failed.permanent()).isEqualTo(permanent);
              });
    }
  }

  // ---- DANE ----

  @Test
  void aCertificateOfARecordIsGoodWhateverElseItSays() {
    TestAuthority.Server odd = STRANGER.server("other.test", Duration.ofHours(-1), false);
    for (int selector = 0; selector < 2; selector++) {
      for (int matching = 0; matching < 3; matching++) {
        RelayHouse in = dane(odd, tlsa(3, selector, matching, odd.certificate()));
        assertSecured(in);
        assertReported(in, PolicyType.TLSA, null);
      }
    }
  }

  /** RFC 8460 §4.4: what is counted is counted by policy. */
  @Test
  void recordsAreTheSamePolicyInWhateverOrderTheyCome() {
    TlsaRecord one = tlsa(3, 1, 1, GOOD.certificate());
    TlsaRecord two = tlsa(3, 1, 1, STRANGER.certificate());
    RelayHouse forth = dane(GOOD, one, two);
    assertSecured(forth);
    RelayHouse back = dane(GOOD, two, one);
    assertSecured(back);
    assertThat(back.reported.getLast().policy()).isEqualTo(forth.reported.getLast().policy());
  }

  /** RFC 8460 §1.1: the policy is that of the server, the one who is told is the domain. */
  @Test
  void whatIsReportedOfRecordsIsAPolicyOfTheirName() {
    RelayHouse in = dane(GOOD, tlsa(3, 1, 1, GOOD.certificate()));
    assertSecured(in);
    assertThat(in.reported.getLast().policy().domain()).isEqualTo(DomainName.of(HOST));
    in = sts(GOOD, "enforce", "mx.elsewhere.test");
    assertFailed(in, "4.7.5", "is not a server that the MTA-STS policy");
    assertThat(in.reported.getLast().policy().domain()).isEqualTo(DomainName.of("there.test"));
    assertThat(in.reported.getLast().host()).as("which server that is").isEqualTo(HOST);
  }

  @Test
  void aCertificateOfNoRecordIsNotGood() {
    RelayHouse in = dane(GOOD, tlsa(3, 1, 1, AUTHORITY.server(HOST).certificate()));
    assertFailed(in, "4.7.5", "no TLSA record");
    assertReported(in, PolicyType.TLSA, ResultType.VALIDATION_FAILURE);
    assertFailed(dane(GOOD, tlsa(2, 1, 1, STRANGER.certificate())), "4.7.5", "no TLSA record");
  }

  @Test
  void oneOfSeveralRecordsSuffices() {
    assertSecured(
        dane(
            GOOD,
            tlsa(3, 1, 1, STRANGER.certificate()),
            tlsa(2, 1, 1, STRANGER.certificate()),
            tlsa(3, 1, 2, GOOD.certificate())));
  }

  @Test
  void anAuthorityOfARecordVouchesForTheHostOnly() {
    assertSecured(dane(GOOD, tlsa(2, 0, 1, AUTHORITY.certificate())));
    assertSecured(dane(GOOD, tlsa(2, 1, 2, AUTHORITY.certificate())));
    assertSecured(dane(AUTHORITY.server("there.test"), tlsa(2, 1, 1, AUTHORITY.certificate())));
    assertFailed(
        dane(AUTHORITY.server("other.test"), tlsa(2, 1, 1, AUTHORITY.certificate())),
        "4.7.5",
        "another host");
    assertFailed(
        dane(
            AUTHORITY.server(HOST, Duration.ofHours(-1), true),
            tlsa(2, 1, 1, AUTHORITY.certificate())),
        "4.7.5",
        "expired");
  }

  /** RFC 7672 §3.2.2: a domain that is an alias may be served in the name that it stands for. */
  @Test
  void anAuthorityOfARecordVouchesForWhomTheDomainIsAnAliasOf() {
    for (String name : List.of("alias.test", "there.test")) {
      RelayHouse in = dane(AUTHORITY.server(name), tlsa(2, 1, 1, AUTHORITY.certificate()));
      in.dns.alias("alias.test", "there.test").secure("alias.test");
      Relay.Attempt attempt = in.connect("alias.test");
      assertThat(attempt).as(name).isInstanceOf(Relay.Attempt.Connected.class);
      ((Relay.Attempt.Connected) attempt).connection().close();
    }
  }

  @Test
  void anAuthorityNeedNotBeShownIfTheRecordHoldsItWhole() {
    TestAuthority.Server alone = AUTHORITY.server(HOST, Duration.ofDays(1), false);
    assertSecured(dane(alone, tlsa(2, 0, 0, AUTHORITY.certificate())));
    assertFailed(dane(alone, tlsa(2, 0, 1, AUTHORITY.certificate())), "4.7.5", "no TLSA record");
  }

  @Test
  void withRecordsNothingGoesWithoutTls() {
    RelayHouse in = dane(GOOD, tlsa(3, 1, 1, GOOD.certificate()));
    peer().at("EHLO", say("250 x"));
    assertFailed(in, "4.7.4", "offers no TLS");
    assertReported(in, PolicyType.TLSA, ResultType.STARTTLS_NOT_SUPPORTED);
    in = dane(GOOD, tlsa(3, 1, 1, GOOD.certificate()));
    peer().at("STARTTLS", hangUp());
    assertFailed(in, "4.4.2", "lost");
    assertReported(in, PolicyType.TLSA, ResultType.VALIDATION_FAILURE);
  }

  @Test
  void recordsThatCannotBeUsedStillDemandTls() {
    TlsaRecord[] unusable = {
      tlsa(0, 1, 1, GOOD.certificate()),
      tlsa(1, 1, 1, GOOD.certificate()),
      new TlsaRecord(3, 2, 1, new byte[32]),
      new TlsaRecord(3, 1, 9, new byte[32]),
      new TlsaRecord(3, 1, 1, new byte[31]),
      new TlsaRecord(3, 1, 0, new byte[0]),
    };
    RelayHouse in = dane(STRANGER.server("other.test"), unusable);
    assertSecured(in);
    assertReported(in, PolicyType.TLSA, ResultType.TLSA_INVALID);
    assertThat(in.reported).hasSize(1);
    in = dane(GOOD, unusable);
    peer().at("EHLO", say("250 x"));
    assertFailed(in, "4.7.4", "offers no TLS");
  }

  @Test
  void recordsCountOnlyIfAllOfTheWayIsSecure() {
    TlsaRecord wrong = tlsa(3, 1, 1, STRANGER.certificate());
    for (String secure : List.of("there.test", HOST)) {
      RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
      String name = "_" + peer().port() + "._tcp." + HOST;
      in.dns.tlsa(name, wrong).secure(secure, name);
      assertSecured(in);
    }
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    in.dns.tlsa("_" + peer().port() + "._tcp." + HOST, wrong).secure("there.test", HOST);
    assertSecured(in);
  }

  @Test
  void aServerWhoseRecordsCannotBeHadIsPassedOver() {
    RelayHouse in = dane(GOOD);
    in.dns.failing("TLSA", "_" + peer().port() + "._tcp." + HOST);
    assertFailed(in, "4.4.3", "TLSA");
    assertReported(in, PolicyType.TLSA, ResultType.DNSSEC_INVALID);
    in.dns.mx("there.test", 20, "b.there.test").address("b.there.test", "127.0.0.1");
    assertThat(in.send("a@there.test")).allMatch(Relayed.class::isInstance);
  }

  @Test
  void theNameBehindAnAliasComesFirst() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    in.dns.remove("there.test").mx("there.test", 10, "alias.test").alias("alias.test", HOST);
    String behind = "_" + peer().port() + "._tcp." + HOST;
    String alias = "_" + peer().port() + "._tcp.alias.test";
    in.dns.secure("there.test", "alias.test", HOST, behind, alias);
    in.dns.tlsa(alias, tlsa(3, 1, 1, STRANGER.certificate()));
    assertFailed(in, "4.7.5", "no TLSA record");
    in.dns.tlsa(behind, tlsa(3, 1, 1, GOOD.certificate()));
    assertThat(in.send("a@there.test")).allMatch(Relayed.class::isInstance);
  }

  /** RFC 7672 §2.2.2: the owner of the alias still vouches for whoever is behind it. */
  @Test
  void theRecordsOfASecureAliasCountWhereNobodyVouchesForWhatIsBehindIt() {
    RelayHouse in = outwardAlias();
    in.dns.tlsa(ofAlias(), tlsa(3, 1, 1, STRANGER.certificate()));
    assertFailed(in, "4.7.5", "no TLSA record");
    assertReported(in, PolicyType.TLSA, ResultType.VALIDATION_FAILURE);
    in = outwardAlias();
    in.dns.tlsa(ofAlias(), tlsa(3, 1, 1, GOOD.certificate()));
    assertSecured(in);
    assertReported(in, PolicyType.TLSA, null);
    in = outwardAlias();
    in.dns.failing("TLSA", ofAlias());
    assertFailed(in, "4.4.3", "TLSA");
    in = outwardAlias();
    in.dns.failing("CNAME", "alias.test");
    assertFailed(in, "4.4.3", "alias.test");
  }

  @Test
  void theRecordsOfAnAliasNobodyVouchesForDoNotCount() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    in.dns.remove("there.test").mx("there.test", 10, "alias.test").alias("alias.test", HOST);
    in.dns.secure("there.test", ofAlias()).failing("TLSA", ofAlias());
    assertSecured(in);
    assertReported(in, PolicyType.NO_POLICY_FOUND, null);
  }

  /** The server has an alias in a signed zone, and its own name in one that is not. */
  private RelayHouse outwardAlias() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    in.dns.remove("there.test").mx("there.test", 10, "alias.test").alias("alias.test", HOST);
    in.dns.secure("there.test", "alias.test", ofAlias());
    return in;
  }

  private String ofAlias() {
    return "_" + peer().port() + "._tcp.alias.test";
  }

  @Test
  void withoutMxTheDomainsOwnRecordsCount() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    String name = "_" + peer().port() + "._tcp.there.test";
    in.dns.remove("there.test").address("there.test", "127.0.0.1");
    in.dns.secure("there.test", name).tlsa(name, tlsa(3, 1, 1, STRANGER.certificate()));
    assertFailed(in, "4.7.5", "no TLSA record");
  }

  @Test
  void daneNeedsNoAuthorityBesideIt() {
    TestAuthority.Server own = STRANGER.server(HOST);
    RelayHouse in = house(own, Tls.VERIFIED);
    String name = "_" + peer().port() + "._tcp." + HOST;
    in.dns.secure("there.test", HOST, name).tlsa(name, tlsa(3, 1, 1, own.certificate()));
    assertSecured(in);
  }

  /** RFC 8689 §4.2.2: what others publish does not count, what is configured here does. */
  @Test
  void aMessageForWhichTlsDoesNotMatterGoesToWhoeverTakesIt() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    String name = "_" + peer().port() + "._tcp." + HOST;
    in.dns.secure("there.test", HOST, name).tlsa(name, tlsa(3, 1, 1, STRANGER.certificate()));
    assertFailed(in, "4.7.5", "no TLSA record");
    in.reported.clear();
    assertThat(connect(in, TlsDemand.WAIVED)).isInstanceOf(Relay.Attempt.Connected.class);
    assertThat(in.reported).as("it says nothing of what is published").isEmpty();
    in = sts(GOOD, "enforce", "mx.elsewhere.test");
    assertThat(connect(in, TlsDemand.USUAL)).isInstanceOf(Relay.Attempt.Failed.class);
    assertThat(connect(in, TlsDemand.WAIVED)).isInstanceOf(Relay.Attempt.Connected.class);
    in = house(STRANGER.server(HOST), Tls.VERIFIED);
    assertThat(connect(in, TlsDemand.WAIVED)).isInstanceOf(Relay.Attempt.Failed.class);
  }

  private static Relay.Attempt connect(RelayHouse in, TlsDemand tls) {
    return in.relay().connect(new Destination.Domain(DomainName.of("there.test")), tls, _ -> null);
  }

  // ---- MTA-STS ----

  private RelayHouse sts(TestAuthority.Server server, String mode, String mx) {
    RelayHouse made = house(server, Tls.OPPORTUNISTIC, "REQUIRETLS");
    made.dns.txt("_mta-sts.there.test", "v=STSv1; id=1");
    made.stsPolicies.put(
        "there.test", "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: 86400\n");
    return made;
  }

  @Test
  void anEnforcedPolicyWantsAGoodCertificateOfANamedServer() {
    RelayHouse in = sts(GOOD, "enforce", "*.there.test");
    assertSecured(in);
    assertReported(in, PolicyType.STS, null);
    in = sts(STRANGER.server(HOST), "enforce", HOST);
    assertFailed(in, "4.7.5", "no known authority");
    assertReported(in, PolicyType.STS, ResultType.CERTIFICATE_NOT_TRUSTED);
    in = sts(AUTHORITY.server("other.test"), "enforce", HOST);
    assertFailed(in, "4.7.5", "another host");
    assertReported(in, PolicyType.STS, ResultType.CERTIFICATE_HOST_MISMATCH);
    in = sts(GOOD, "enforce", "mx.elsewhere.test");
    assertFailed(in, "4.7.5", "is not a server that the MTA-STS policy");
    assertReported(in, PolicyType.STS, ResultType.VALIDATION_FAILURE);
    in = sts(GOOD, "enforce", HOST);
    peer().at("EHLO", say("250 x"));
    assertFailed(in, "4.7.4", "offers no TLS");
    assertReported(in, PolicyType.STS, ResultType.STARTTLS_NOT_SUPPORTED);
  }

  @Test
  void aTestedPolicyIsOnlyReportedOn() {
    RelayHouse in = sts(STRANGER.server(HOST), "testing", HOST);
    assertSecured(in);
    assertReported(in, PolicyType.STS, ResultType.CERTIFICATE_NOT_TRUSTED);
    in = sts(GOOD, "testing", HOST);
    assertSecured(in);
    assertReported(in, PolicyType.STS, null);
    in = sts(GOOD, "testing", "mx.elsewhere.test");
    assertSecured(in);
    assertReported(in, PolicyType.STS, ResultType.VALIDATION_FAILURE);
  }

  @Test
  void withoutAPolicyThereIsNone() {
    RelayHouse in = sts(STRANGER.server(HOST), "none", HOST);
    assertSecured(in);
    assertReported(in, PolicyType.NO_POLICY_FOUND, null);
    in = sts(STRANGER.server(HOST), "enforce", HOST);
    in.stsPolicies.clear();
    assertSecured(in);
    assertThat(in.reported.getFirst().failure()).isEqualTo(ResultType.STS_POLICY_FETCH_ERROR);
    in = sts(STRANGER.server(HOST), "enforce", HOST);
    in.stsPolicies.put("there.test", "mode: enforce");
    assertSecured(in);
    assertThat(in.reported.getFirst().failure()).isEqualTo(ResultType.STS_POLICY_INVALID);
    in = sts(STRANGER.server(HOST), "enforce", HOST);
    in.dns.remove("_mta-sts.there.test");
    assertSecured(in);
    assertReported(in, PolicyType.NO_POLICY_FOUND, null);
  }

  @Test
  void daneHasPrecedenceOverMtaSts() {
    TestAuthority.Server own = STRANGER.server(HOST);
    RelayHouse in = sts(own, "enforce", "mx.elsewhere.test");
    String name = "_" + peer().port() + "._tcp." + HOST;
    in.dns.secure("there.test", HOST, name).tlsa(name, tlsa(3, 1, 1, own.certificate()));
    assertSecured(in);
    assertReported(in, PolicyType.TLSA, null);
    in.dns.remove(name).tlsa(name, tlsa(3, 1, 1, GOOD.certificate()));
    assertThat(in.failure("there.test").reason().text()).contains("no TLSA record");
  }

  /** They demand TLS, but say nothing of who the host is; the policy does. */
  @Test
  void recordsThatCannotBeUsedDoNotStandInTheWayOfMtaSts() {
    TlsaRecord unusable = tlsa(0, 1, 1, GOOD.certificate());
    RelayHouse in = withRecord(sts(STRANGER.server(HOST), "enforce", HOST), unusable);
    assertFailed(in, "4.7.5", "no known authority");
    in = withRecord(sts(GOOD, "enforce", "mx.elsewhere.test"), unusable);
    assertFailed(in, "4.7.5", "is not a server that the MTA-STS policy");
    assertSecured(withRecord(sts(GOOD, "enforce", HOST), unusable));
    in = withRecord(sts(STRANGER.server(HOST), "testing", HOST), unusable);
    assertSecured(in);
    assertReported(in, PolicyType.STS, ResultType.CERTIFICATE_NOT_TRUSTED);
    in = withRecord(sts(GOOD, "testing", HOST), unusable);
    peer().at("EHLO", say("250 x"));
    assertFailed(in, "4.7.4", "offers no TLS");
  }

  private RelayHouse withRecord(RelayHouse in, TlsaRecord record) {
    String name = "_" + peer().port() + "._tcp." + HOST;
    in.dns.secure("there.test", HOST, name).tlsa(name, record);
    return in;
  }

  // ---- REQUIRETLS ----

  @Test
  void anEnforcedPolicyVouchesForTheServersOfAMessageThatRequiresTls() {
    RelayHouse in = sts(GOOD, "enforce", HOST);
    Relay.Attempt attempt = connectSecretly(in);
    assertThat(attempt).isInstanceOf(Relay.Attempt.Connected.class);
    ((Relay.Attempt.Connected) attempt).connection().close();
    assertImpossible(sts(GOOD, "testing", HOST));
  }

  private static OutgoingMessage secret() {
    OutgoingMessage plain = message("x\r\n", "a@there.test");
    return new OutgoingMessage(
        plain.from(),
        plain.recipients(),
        plain.size(),
        plain.body(),
        false,
        true,
        null,
        null,
        plain.content());
  }

  private static Relay.Attempt connectSecretly(RelayHouse in) {
    return in.relay()
        .connect(
            new Destination.Domain(DomainName.of("there.test")), TlsDemand.REQUIRED, _ -> null);
  }

  private static void assertImpossible(RelayHouse in) {
    Relay.Attempt attempt = connectSecretly(in);
    assertThat(attempt).isInstanceOf(Relay.Attempt.Failed.class);
    Relay.Attempt.Failed failed = (Relay.Attempt.Failed) attempt;
    assertThat(failed.reason().status()).hasToString("5.7.30");
    assertThat(failed.permanent()).isTrue();
  }

  @Test
  void aMessageThatRequiresTlsGoesToServersThatKeepIt() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC, "REQUIRETLS");
    in.dns.secure("there.test", HOST);
    Relay.Attempt attempt = connectSecretly(in);
    assertThat(attempt).isInstanceOf(Relay.Attempt.Connected.class);
    try (RelayConnection connection = ((Relay.Attempt.Connected) attempt).connection()) {
      assertThat(connection.send(secret())).allMatch(Relayed.class::isInstance);
    }
    assertThat(peer().commands()).contains("MAIL FROM:<me@example.test> REQUIRETLS");
  }

  @Test
  void aMessageThatRequiresTlsDoesNotGoWhereAnythingIsMissing() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC);
    in.dns.secure("there.test", HOST);
    assertImpossible(in); // not offered
    assertImpossible(house(GOOD, Tls.OPPORTUNISTIC, "REQUIRETLS")); // whose server is it?
    in = house(GOOD, Tls.OPPORTUNISTIC, "REQUIRETLS");
    in.dns.secure("there.test", HOST);
    peer().at("EHLO", say("250-x", "250 REQUIRETLS"));
    assertImpossible(in); // no TLS
    in = house(STRANGER.server(HOST), Tls.OPPORTUNISTIC, "REQUIRETLS");
    in.dns.secure("there.test", HOST);
    Relay.Attempt attempt = connectSecretly(in);
    assertThat(attempt).isInstanceOf(Relay.Attempt.Failed.class);
    assertThat(((Relay.Attempt.Failed) attempt).permanent()).isFalse();
  }

  @Test
  void aMessageThatRequiresTlsDoesNotGoOverAnyConnection() {
    RelayHouse in = house(GOOD, Tls.OPPORTUNISTIC, "REQUIRETLS");
    assertThat(in.send(secret()).getFirst()).isInstanceOf(Refused.class);
    assertThat(peer().commands()).noneMatch(c -> c.startsWith("MAIL"));
  }
}
