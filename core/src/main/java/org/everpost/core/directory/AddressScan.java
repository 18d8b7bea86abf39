package org.everpost.core.directory;

import java.util.List;
import java.util.function.BiConsumer;
import org.everpost.store.KeyRange;
import org.everpost.store.Ledger;
import org.everpost.store.PartitionView;
import org.everpost.store.PartitionView.Direction;
import org.everpost.store.PartitionView.Row;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/** All addresses of a domain, in the order of their folded local parts, a page at a time. */
final class AddressScan {

  private static final int PAGE = 500;

  private final Ledger ledger;
  private final DomainName domain;

  AddressScan(Ledger ledger, DomainName domain) {
    this.ledger = ledger;
    this.domain = domain;
  }

  /** Calls the visitor with each folded local part and its row; the catch-all is not among them. */
  void forEach(BiConsumer<String, AddressRow> visitor) {
    PartitionView view = ledger.read(RowCache.partition(domain));
    KeyRange range = AddressRow.LOCAL_PARTS;
    List<Row> page;
    do {
      page = view.scan(range, PAGE, Direction.ASCENDING);
      for (Row row : page) {
        visitor.accept(AddressRow.folded(row.key()), AddressRow.decode(row.value()));
        range = range.after(row.key());
      }
    } while (page.size() == PAGE);
  }

  /** Remembers the account that was made first. */
  static final class Oldest implements BiConsumer<String, AddressRow> {

    private final String except;
    private @Nullable String folded;
    private @Nullable AccountRow row;

    Oldest(String except) {
      this.except = except;
    }

    @Override
    public void accept(String local, AddressRow next) {
      if (next instanceof AccountRow account
          && !local.equals(except)
          && (row == null || account.created().isBefore(row.created()))) {
        folded = local;
        row = account;
      }
    }

    @Nullable String folded() {
      return folded;
    }
  }
}
