package org.everpost.core.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.everpost.core.mailbox.BlobSweep;
import org.everpost.store.BlobId;
import org.everpost.store.CommitId;
import org.everpost.store.Mutation;
import org.everpost.store.Partition;
import org.everpost.store.PartitionKind;
import org.junit.jupiter.api.Test;

/** The sweep keeps what the queue refers to, and nothing longer than that. */
class SpoolBlobsTest {

  private final SpoolFixture fixture = new SpoolFixture(3);
  private final BlobSweep sweep = new BlobSweep(fixture.store, List.of(Spool.BLOBS));

  private SpooledMessage message(Spool spool) throws IOException {
    BlobId blob = fixture.memory.blobs().put(new ByteArrayInputStream(new byte[10]));
    SpooledMessage like = fixture.message(spool);
    return new SpooledMessage(
        like.id(),
        like.accepted(),
        like.sender(),
        like.envelope(),
        like.prefix(),
        blob,
        0,
        10,
        like.expires(),
        false,
        null,
        like.recipients());
  }

  private List<BlobId> blobs() {
    List<BlobId> blobs = new ArrayList<>();
    fixture.memory.blobs().list(Instant.MAX, blobs::add);
    return blobs;
  }

  @Test
  void whatANodesQueueRefersToStaysThroughEpochsAndAdoption() throws Exception {
    Spool a = fixture.open(SpoolFixture.A, 3);
    Spool b = fixture.open(SpoolFixture.B);
    List<SpooledMessage> messages = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SpooledMessage message = message(i % 5 == 0 ? b : a);
      (i % 5 == 0 ? b : a).add(List.of(message));
      messages.add(message);
      SpoolFixture.tend(a);
    }
    BlobId nobodys = fixture.memory.blobs().put(new ByteArrayInputStream(new byte[10]));
    List<BlobId> wanted = messages.stream().map(SpooledMessage::blob).toList();
    assertThat(sweep.run(fixture.clock::instant)).isZero();
    fixture.clock.advance(BlobSweep.GRACE.plusSeconds(1));
    assertThat(blobs()).hasSize(21).contains(nobodys);
    assertThat(sweep.run(fixture.clock::instant)).isEqualTo(1);
    assertThat(blobs()).containsExactlyInAnyOrderElementsOf(wanted);

    SpoolFixture.tend(b);
    assertThat(SpoolFixture.adopt(b)).hasSize(16);
    for (SpoolPartition partition : b.partitions()) {
      partition.forEach(m ->
          partition.update(
              m.id(),
              before ->
                  Optional.of(
                      before.withRecipients(r ->
                          r.deferred(Instant.EPOCH, Reason.ours("4.0.0", "x"), Instant.EPOCH)))));
    }
    assertThat(sweep.run(fixture.clock::instant)).isZero();

    SpoolId first = messages.getFirst().id();
    Set<SpoolId> all = SpoolFixture.all(b);
    for (SpoolPartition partition : b.partitions()) {
      partition.update(first, SpoolFixture.DELETE);
    }
    assertThat(sweep.run(fixture.clock::instant)).isEqualTo(1);
    assertThat(blobs()).hasSize(all.size() - 1).doesNotContain(messages.getFirst().blob());
  }

  @Test
  void aRowThatCannotBeReadKeepsEverything() throws Exception {
    Spool spool = fixture.open(SpoolFixture.A);
    spool.add(List.of(message(spool)));
    fixture.memory.blobs().put(new ByteArrayInputStream(new byte[10]));
    Partition partition = new Partition(PartitionKind.SPOOL, "of a later time");
    Mutation damaged = new Mutation.Put(MessageRow.key(spool.nextId()), new byte[] {8, 1});
    fixture.memory.ledger().commit(partition, 0, new CommitId(1, 1), List.of(damaged));
    fixture.clock.advance(BlobSweep.GRACE.plus(Duration.ofSeconds(1)));
    assertThatIllegalStateException().isThrownBy(() -> sweep.run(fixture.clock::instant));
    assertThat(blobs()).hasSize(2);
  }
}
