package org.everpost.core.zone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.everpost.core.dns.Resolver;
import org.everpost.core.time.Clock;

/** Looks for records, for all at the same time. */
public final class ZoneCheck {

  /** For all of them together. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private ZoneCheck() {}

  /** What was found for each record, in their order. */
  public static Map<ZoneRecord, Finding> run(
      List<ZoneRecord> records, Resolver resolver, Clock clock) throws InterruptedException {
    long until = clock.nanoTime() + LIMIT.toNanos();
    List<FutureTask<Finding>> tasks = new ArrayList<>();
    for (ZoneRecord record : records) {
      FutureTask<Finding> task = new FutureTask<>(() -> record.check().ask(resolver));
      tasks.add(task);
      Thread.ofVirtual().name("zone-check").start(task);
    }
    try {
      Map<ZoneRecord, Finding> findings = new LinkedHashMap<>();
      for (int i = 0; i < tasks.size(); i++) {
        findings.put(records.get(i), await(tasks.get(i), until - clock.nanoTime()));
      }
      return findings;
    } finally {
      tasks.forEach(task -> task.cancel(true));
    }
  }

  private static Finding await(FutureTask<Finding> task, long nanos) throws InterruptedException {
    try {
      return task.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new Finding.Unknown("no answer within " + LIMIT.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
