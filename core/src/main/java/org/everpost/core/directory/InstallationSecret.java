package org.everpost.core.directory;

import java.util.List;
import org.everpost.core.commit.OptimisticCommit;
import org.everpost.core.commit.OptimisticCommit.Decision;
import org.everpost.core.time.RandomSource;
import org.everpost.store.Mutation;
import org.jspecify.annotations.Nullable;

/**
 * Random octets that are the same on all nodes and for ever. In the partition of the list of
 * domains. Key: {@code 02}. Value: the octets.
 */
final class InstallationSecret {

  private static final byte[] KEY = {2};
  private static final int OCTETS = 32;

  private final OptimisticCommit commits;
  private final RandomSource random;
  private volatile byte @Nullable [] known;

  InstallationSecret(OptimisticCommit commits, RandomSource random) {
    this.commits = commits;
    this.random = random;
  }

  byte[] octets() {
    byte[] octets = known;
    if (octets == null) {
      octets = commits.change(ListedDomainRow.PARTITION, view -> decide(view.get(KEY)));
      known = octets;
    }
    return octets.clone();
  }

  private Decision<byte[]> decide(byte @Nullable [] present) {
    if (present != null) {
      return Decision.nothing(present);
    }
    byte[] made = new byte[OCTETS];
    random.nextBytes(made);
    return new Decision<>(List.of(new Mutation.Put(KEY, made)), made);
  }
}
