package org.everpost.server.imap.search;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.everpost.core.mailbox.Email;

/** A condition of a search, made ready for one view of one mailbox. */
sealed interface Criterion {

  Criterion ALWAYS = new InList(index -> true);
  Criterion NEVER = new InList(index -> false);

  Verdict test(Subject subject);

  record And(List<Criterion> criteria) implements Criterion {
    @Override
    public Verdict test(Subject subject) {
      Verdict all = Verdict.YES;
      for (Criterion criterion : criteria) {
        Verdict one = criterion.test(subject);
        if (one == Verdict.NO) {
          return one;
        }
        all = one == Verdict.UNKNOWN ? one : all;
      }
      return all;
    }
  }

  record Or(List<Criterion> criteria) implements Criterion {
    @Override
    public Verdict test(Subject subject) {
      Verdict any = Verdict.NO;
      for (Criterion criterion : criteria) {
        Verdict one = criterion.test(subject);
        if (one == Verdict.YES) {
          return one;
        }
        any = one == Verdict.UNKNOWN ? one : any;
      }
      return any;
    }
  }

  record Not(Criterion criterion) implements Criterion {
    @Override
    public Verdict test(Subject subject) {
      return criterion.test(subject).not();
    }
  }

  /** Decided by the mailbox's list of messages. */
  record InList(IntPredicate predicate) implements Criterion {
    @Override
    public Verdict test(Subject subject) {
      return Verdict.of(predicate.test(subject.index()));
    }
  }

  /** Decided by what was kept of the message when it came. */
  record InEmail(Predicate<Email> predicate) implements Criterion {
    @Override
    public Verdict test(Subject subject) {
      Email email = subject.email();
      return email == null ? Verdict.UNKNOWN : Verdict.of(predicate.test(email));
    }
  }

  /** Decided by the message's octets: text number {@code number} was found in them. */
  record InContent(int number) implements Criterion {
    @Override
    public Verdict test(Subject subject) {
      boolean[] found = subject.found();
      return found == null ? Verdict.UNKNOWN : Verdict.of(found[number]);
    }
  }
}
