package org.everpost.core.sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.everpost.core.config.Config;
import org.everpost.core.directory.Account;
import org.everpost.core.directory.AccountDetails;
import org.everpost.core.directory.AccountId;
import org.everpost.core.directory.AccountSettings;
import org.everpost.core.directory.Quota;
import org.everpost.core.directory.SendingShare;
import org.everpost.wire.address.EmailAddress;
import org.junit.jupiter.api.Test;

final class SendingRulesTest {

  private static final Instant CREATED = Instant.ofEpochSecond(1_800_000_000);

  static AccountDetails account(AccountSettings settings) {
    Account account =
        new Account(
            new AccountId("abcdefghijklmnopqrstuvwxyz"),
            EmailAddress.of("alice@example.test"),
            Quota.UNLIMITED,
            false);
    return new AccountDetails(account, CREATED, false, true, settings);
  }

  private static AccountDetails with(SendingShare share) {
    return account(new AccountSettings(false, share, null));
  }

  private static int after(SendingRules rules, AccountDetails account, Duration age) {
    return rules.most(Measure.RECIPIENTS_PER_HOUR, account, CREATED.plus(age));
  }

  private static SendingRules rules(int limit, Duration ramp) {
    return new SendingRules(Map.of(Measure.RECIPIENTS_PER_HOUR, limit), ramp);
  }

  @Test
  void aNewAccountMaySendATenthAndMoreDayByDay() {
    SendingRules rules = rules(300, Duration.ofDays(14));
    AccountDetails fresh = account(AccountSettings.NEW);
    assertThat(after(rules, fresh, Duration.ZERO)).isEqualTo(30);
    assertThat(after(rules, fresh, Duration.ofDays(7))).isEqualTo(165);
    assertThat(after(rules, fresh, Duration.ofDays(14).minusSeconds(1))).isEqualTo(299);
    assertThat(after(rules, fresh, Duration.ofDays(14))).isEqualTo(300);
    assertThat(after(rules, fresh, Duration.ofDays(5_000))).isEqualTo(300);
    assertThat(after(rules, fresh, Duration.ofDays(-1))).as("the clock was set back").isEqualTo(30);
  }

  @Test
  void anImportedAccountIsNotNew() {
    SendingRules rules = rules(300, Duration.ofDays(14));
    assertThat(after(rules, account(AccountSettings.IMPORTED), Duration.ZERO)).isEqualTo(300);
    AccountDetails ofAnEarlierRelease =
        new AccountDetails(
            account(AccountSettings.NEW).account(), CREATED, true, false, AccountSettings.NEW);
    assertThat(after(rules, ofAnEarlierRelease, Duration.ZERO)).isEqualTo(300);
  }

  @Test
  void theOperatorHasTheLastWord() {
    SendingRules rules = rules(300, Duration.ofDays(14));
    assertThat(after(rules, with(new SendingShare.Percent(50)), Duration.ZERO)).isEqualTo(150);
    assertThat(after(rules, with(new SendingShare.Percent(250)), Duration.ZERO)).isEqualTo(750);
    assertThat(after(rules, with(new SendingShare.Unlimited()), Duration.ZERO))
        .isEqualTo(Integer.MAX_VALUE);
    assertThatIllegalArgumentException().isThrownBy(() -> new SendingShare.Percent(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new SendingShare.Percent(100_001));
  }

  @Test
  void whatIsNotConfiguredIsNotLimited() {
    SendingRules rules = SendingRules.of(new Config.Sending(0, 300, 0, 0, 0, false));
    AccountDetails fresh = account(AccountSettings.NEW);
    assertThat(rules.most(Measure.MESSAGES_PER_HOUR, fresh, CREATED)).isEqualTo(Integer.MAX_VALUE);
    assertThat(rules.most(Measure.RECIPIENTS_PER_HOUR, fresh, CREATED)).isEqualTo(300);
    assertThatIllegalArgumentException().isThrownBy(() -> rules(0, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> rules(1, Duration.ofDays(-1)));
  }

  /** Whatever the limits are: at least one, at most the limit, never less than the day before. */
  @Test
  void theRampOnlyRises() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      int limit = 1 + random.nextInt(1 + random.nextInt(10_000_000));
      Duration ramp = Duration.ofMinutes(random.nextInt(365 * 24 * 60));
      SendingRules rules = rules(limit, ramp);
      AccountDetails fresh = account(AccountSettings.NEW);
      int before = 0;
      Duration age = Duration.ZERO;
      while (age.compareTo(ramp) < 0) {
        int now = after(rules, fresh, age);
        assertThat(now)
            .as("seed %d, limit %d, %s of %s", seed, limit, age, ramp)
            .isGreaterThanOrEqualTo(Math.max(1, before))
            .isGreaterThanOrEqualTo(limit / 10)
            .isLessThanOrEqualTo(limit);
        before = now;
        age = age.plusSeconds(1 + random.nextInt(10 * 24 * 3_600));
      }
      assertThat(after(rules, fresh, ramp)).as("seed %d", seed).isEqualTo(limit);
    }
  }
}
