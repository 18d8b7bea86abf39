package org.everpost.wire.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.everpost.wire.imap.ReaderDriver.failure;
import static org.everpost.wire.imap.ReaderDriver.parse;

import java.util.List;
import org.everpost.wire.imap.ImapCommand.Copy;
import org.everpost.wire.imap.ImapCommand.Move;
import org.everpost.wire.imap.ImapCommand.Store;
import org.everpost.wire.imap.StoreOperation.Action;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RFC 9051 §6.4 without SEARCH and FETCH, RFC 7162 §3.1.3. */
class SelectedCommandsTest {

  @Test
  void withoutArguments() {
    assertThat(parse("CHECK")).isEqualTo(new ImapCommand.Check());
    assertThat(parse("CLOSE")).isEqualTo(new ImapCommand.Close());
    assertThat(parse("UNSELECT")).isEqualTo(new ImapCommand.Unselect());
    assertThat(parse("EXPUNGE")).isEqualTo(new ImapCommand.Expunge());
  }

  @Test
  void uidExpunge() {
    assertThat(parse("UID EXPUNGE 3000:3002"))
        .isEqualTo(new ImapCommand.UidExpunge(SequenceSet.of(3000, 3002)));
    assertThat(failure("UID EXPUNGE")).isEqualTo("Argument missing");
  }

  @Test
  void store() {
    assertThat(parse("STORE 2:4 +FLAGS (\\Deleted)"))
        .isEqualTo(store(false, SequenceSet.of(2, 4), Action.ADD, false, null, "\\Deleted"));
    assertThat(parse("UID STORE * -FLAGS.SILENT \\seen Own oWN"))
        .isEqualTo(
            store(
                true,
                SequenceSet.of(SequenceSet.STAR, SequenceSet.STAR),
                Action.REMOVE,
                true,
                null,
                "\\Seen",
                "Own"));
    assertThat(parse("STORE $ flags.silent ()"))
        .isEqualTo(store(false, SequenceSet.SAVED, Action.REPLACE, true, null));
    assertThat(parse("STORE 7,5,9 (UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\\Deleted)"))
        .isEqualTo(
            store(
                false,
                SequenceSet.of(7, 7, 5, 5, 9, 9),
                Action.ADD,
                true,
                320_162_338L,
                "\\Deleted"));
    assertThat(parse("STORE 1 FLAGS (\\Recent)"))
        .isEqualTo(store(false, SequenceSet.of(1, 1), Action.REPLACE, false, null));
    assertThat(failure("STORE 1 FLAG x")).isEqualTo("Expected FLAGS");
    assertThat(failure("STORE 1 +FLAGS")).isEqualTo("Argument missing");
    assertThat(failure("STORE 1 +FLAGS (x")).isEqualTo("Expected ')'");
    assertThat(failure("STORE 1 +FLAGS (\\)")).isEqualTo("Expected an atom");
    assertThat(failure("STORE 1 (FOO 1) FLAGS x")).isEqualTo("Unknown modifier");
  }

  @Test
  void copyAndMove() {
    assertThat(parse("COPY 2:4 MEETING"))
        .isEqualTo(new Copy(false, SequenceSet.of(2, 4), "MEETING"));
    assertThat(parse("UID COPY $ MEETING")).isEqualTo(new Copy(true, SequenceSet.SAVED, "MEETING"));
    assertThat(parse("UID MOVE 42:69 foo"))
        .isEqualTo(new Move(true, SequenceSet.of(42, 69), "foo"));
    assertThat(parse("MOVE 1 inbox")).isEqualTo(new Move(false, SequenceSet.of(1, 1), "INBOX"));
    assertThat(failure("COPY 1")).isEqualTo("Argument missing");
    assertThat(failure("COPY x y")).isEqualTo("Expected a number");
  }

  private static Store store(
      boolean uid,
      SequenceSet set,
      Action action,
      boolean silent,
      @Nullable Long unchangedSince,
      String... flags) {
    return new Store(uid, set, new StoreOperation(action, silent, List.of(flags), unchangedSince));
  }
}
