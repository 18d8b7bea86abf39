package org.everpost.core.sending;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.everpost.core.config.Config;
import org.everpost.core.directory.AccountDetails;
import org.everpost.core.directory.SendingShare;

/**
 * How much an account may send elsewhere. A new one may a tenth, and day by day more: who makes
 * accounts to send spam has little of each, and who stays gets everything. One that came from
 * another system is not new, and of one whose share an operator has set its age does not matter.
 *
 * @param most an old account; what is missing is not limited
 * @param ramp how long an account is new; zero: never
 */
public record SendingRules(Map<Measure, Integer> most, Duration ramp) {

  /** Of a limit, on the first day. */
  private static final double FIRST_SHARE = 0.1;

  public SendingRules {
    most = Map.copyOf(most);
    Objects.requireNonNull(ramp, "ramp");
    if (ramp.isNegative() || most.values().stream().anyMatch(limit -> limit < 1)) {
      throw new IllegalArgumentException("limits are positive");
    }
  }

  public static SendingRules of(Config.Sending config) {
    Map<Measure, Integer> most = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      int limit =
          switch (measure) {
            case MESSAGES_PER_HOUR -> config.messagesPerHour();
            case RECIPIENTS_PER_HOUR -> config.recipientsPerHour();
            case MESSAGES_PER_DAY -> config.messagesPerDay();
            case RECIPIENTS_PER_DAY -> config.recipientsPerDay();
          };
      if (limit > 0) {
        most.put(measure, limit);
      }
    }
    return new SendingRules(most, Duration.ofDays(config.rampDays()));
  }

  /** How much an account may now; {@link Integer#MAX_VALUE}: any number. */
  public int most(Measure measure, AccountDetails account, Instant now) {
    Integer limit = most.get(measure);
    return limit == null
        ? Integer.MAX_VALUE
        : switch (account.settings().sending()) {
          case SendingShare.Unlimited _ -> Integer.MAX_VALUE;
          case SendingShare.Percent(int percent) -> part(limit, percent / 100.0);
          case SendingShare.Usual _ -> part(limit, grown(account, now));
        };
  }

  private static int part(int limit, double share) {
    return (int) Math.clamp(Math.floor(limit * share), 1, Integer.MAX_VALUE - 1);
  }

  /** From a tenth to all of it, in a straight line over the ramp. */
  private double grown(AccountDetails account, Instant now) {
    if (ramp.isZero() || account.isEstablished()) {
      return 1;
    }
    double age = Duration.between(account.created(), now).toMillis();
    double share = FIRST_SHARE + (1 - FIRST_SHARE) * age / ramp.toMillis();
    return Math.clamp(share, FIRST_SHARE, 1);
  }
}
