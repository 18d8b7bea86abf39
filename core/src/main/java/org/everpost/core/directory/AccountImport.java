package org.everpost.core.directory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Mutation;
import org.everpost.store.PartitionView;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * One import of accounts from lines {@code address,hash[,quota]}.
 *
 * <p>Running it again changes nothing. A line for an account that is there already sets the quota,
 * if it has one, and the password only while that is still one that was imported: once it was
 * changed here, or hashed anew at a login, it belongs to Everpost and the file's is stale. A flag
 * beside the hash says so; a fingerprint of the imported hash would do as well but would let anyone
 * who has the data guess at the weak old form for ever.
 *
 * <p>Lines are done some hundred at a time, one commit for each domain among them.
 */
final class AccountImport {

  /** Lines that are done together. */
  private static final int BATCH = 500;

  private final OptimisticCommit commits;
  private final RowCache rows;
  private final DomainList domains;
  private final Clock clock;
  private final RandomSource random;
  private final HashCheck hashes;
  private final ImportListener listener;
  private final Map<Outcome, Long> counts = new HashMap<>();

  /** The first line of each address. */
  private final Map<String, ImportLine> seen = new HashMap<>();

  AccountImport(
      OptimisticCommit commits,
      RowCache rows,
      DomainList domains,
      Clock clock,
      RandomSource random,
      HashCheck hashes,
      ImportListener listener) {
    this.commits = commits;
    this.rows = rows;
    this.domains = domains;
    this.clock = clock;
    this.random = random;
    this.hashes = hashes;
    this.listener = listener;
  }

  private enum Outcome {
    ADDED,
    UPDATED,
    UNCHANGED,
    KEPT,
    BAD
  }

  /** What became of one line. */
  private record Done(long line, Outcome outcome, String reason) {}

  ImportResult run(Reader csv) throws IOException {
    BufferedReader reader = new BufferedReader(csv);
    long number = 0;
    int good = 0;
    Map<DomainName, List<ImportLine>> batch = new LinkedHashMap<>();
    for (String text = ImportLine.read(reader); text != null; text = ImportLine.read(reader)) {
      number++;
      if (!ImportLine.isComment(text)) {
        good += take(number, text, batch);
      }
      if (good == BATCH) {
        finish(batch);
        good = 0;
        listener.progress(number);
      }
    }
    finish(batch);
    listener.progress(number);
    return new ImportResult(
        count(Outcome.ADDED),
        count(Outcome.UPDATED),
        count(Outcome.UNCHANGED),
        count(Outcome.KEPT),
        count(Outcome.BAD));
  }

  /** Adds a line to the batch, or reports it; returns how many were added. */
  private int take(long number, String text, Map<DomainName, List<ImportLine>> batch) {
    ImportLine line;
    try {
      line = ImportLine.parse(number, text);
    } catch (IllegalArgumentException e) {
      return bad(number, String.valueOf(e.getMessage()));
    }
    DomainName domain = line.address().domain();
    if (!domains.contains(domain)) {
      return bad(number, "domain " + domain + " is not one of ours");
    }
    String problem = hashes.problem(line.hash()).orElse(null);
    if (problem != null) {
      return bad(number, problem);
    }
    ImportLine before = seen.putIfAbsent(line.folded() + "@" + domain.ascii(), line);
    if (before != null && before.saysTheSame(line)) {
      counts.merge(Outcome.UNCHANGED, 1L, Long::sum);
      return 0;
    }
    if (before != null) {
      return bad(number, line.address() + " stands in line " + before.number() + " already");
    }
    batch.computeIfAbsent(domain, _ -> new ArrayList<>()).add(line);
    return 1;
  }

  private int bad(long line, String reason) {
    counts.merge(Outcome.BAD, 1L, Long::sum);
    listener.badLine(line, reason);
    return 0;
  }

  private void finish(Map<DomainName, List<ImportLine>> batch) {
    batch.forEach((domain, lines) -> {
      List<Done> done;
      try {
        done = commits.change(RowCache.partition(domain), view -> decide(view, domain, lines));
      } finally {
        rows.changed(domain, lines.stream().map(ImportLine::folded).toList());
      }
      for (Done each : done) {
        if (each.outcome() == Outcome.BAD) {
          bad(each.line(), each.reason());
        } else {
          counts.merge(each.outcome(), 1L, Long::sum);
        }
      }
    });
    batch.clear();
  }

  private Decision<List<Done>> decide(
      PartitionView view, DomainName domain, List<ImportLine> lines) {
    DomainRow settings = DirectoryChanges.settings(view);
    List<Done> done = new ArrayList<>();
    if (settings == null) {
      lines.forEach(line ->
          done.add(
              new Done(line.number(), Outcome.BAD, "domain " + domain + " is not one of ours")));
      return Decision.nothing(done);
    }
    Map<String, @Nullable AddressRow> present = present(view, lines);
    Map<String, AccountRow> changed = new LinkedHashMap<>();
    String first = settings.firstAccount();
    for (ImportLine line : lines) {
      AddressRow before = present.get(line.folded());
      if (before instanceof AliasRow) {
        done.add(new Done(line.number(), Outcome.BAD, line.address() + " is an alias"));
        continue;
      }
      AccountRow after = before instanceof AccountRow row ? updated(row, line) : added(line);
      if (!after.equals(before)) {
        changed.put(line.folded(), after);
      }
      done.add(new Done(line.number(), outcome(before, after, line), ""));
      if (first == null) {
        first = line.folded();
      }
    }
    List<Mutation> mutations = new ArrayList<>();
    changed.forEach((folded, row) -> mutations.add(DirectoryChanges.put(folded, row)));
    if (first != null && !first.equals(settings.firstAccount())) {
      mutations.add(DirectoryChanges.first(settings, first));
    }
    return new Decision<>(mutations, done);
  }

  private static Map<String, @Nullable AddressRow> present(
      PartitionView view, List<ImportLine> lines) {
    List<String> names = lines.stream().map(ImportLine::folded).toList();
    List<byte @Nullable []> values = view.getAll(names.stream().map(AddressRow::key).toList());
    Map<String, @Nullable AddressRow> present = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byte[] value = values.get(i);
      present.put(names.get(i), value == null ? null : AddressRow.decode(value));
    }
    return present;
  }

  private AccountRow added(ImportLine line) {
    Quota quota = line.quota();
    Account account =
        new Account(
            AccountId.random(random),
            line.address(),
            quota == null ? Quota.UNLIMITED : quota,
            false);
    return new AccountRow(
        account,
        Instant.ofEpochSecond(clock.epochSecond()),
        new StoredPassword(line.hash(), null),
        true,
        0,
        AccountSettings.IMPORTED);
  }

  private static AccountRow updated(AccountRow row, ImportLine line) {
    AccountRow after = row;
    Account before = row.account();
    Quota quota = line.quota();
    if (quota != null && quota.octets() != before.quota().octets()) {
      Quota changed = new Quota(quota.octets(), before.quota().messages());
      after = after.with(new Account(before.id(), before.address(), changed, before.disabled()));
    }
    if (row.imported() && !row.password().hash().equals(line.hash())) {
      after = after.changed(new StoredPassword(line.hash(), null), true);
    }
    return after;
  }

  private static Outcome outcome(@Nullable AddressRow before, AccountRow after, ImportLine line) {
    if (before == null) {
      return Outcome.ADDED;
    }
    if (!after.equals(before)) {
      return Outcome.UPDATED;
    }
    return after.password().hash().equals(line.hash()) ? Outcome.UNCHANGED : Outcome.KEPT;
  }

  private long count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }
}
