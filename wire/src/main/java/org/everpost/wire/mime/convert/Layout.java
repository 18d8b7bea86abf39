package org.everpost.wire.mime.convert;

import java.util.ArrayList;
import java.util.List;
import org.everpost.wire.mime.MimePart;

/** Divides a message into regions. */
final class Layout {

  private final List<Region> regions = new ArrayList<>();

  private Layout() {}

  static List<Region> of(MimePart root) {
    Layout layout = new Layout();
    layout.add(root, false);
    return layout.regions;
  }

  private void add(MimePart part, boolean signed) {
    Region.Header header = new Region.Header(part, signed);
    regions.add(header);
    if (part.parts().isEmpty()) {
      regions.add(new Region.Body(header, signed));
      return;
    }
    boolean within = signed || (part.isMultipart() && part.subtype().equals("signed"));
    long at = part.bodyOffset();
    for (MimePart child : part.parts()) {
      between(part, at, child.headerOffset(), within);
      add(child, within);
      at = child.bodyOffset() + child.bodySize();
    }
    between(part, at, part.bodyOffset() + part.bodySize(), within);
  }

  private void between(MimePart part, long from, long to, boolean signed) {
    if (from < to) {
      regions.add(new Region.Between(part, to - from, signed));
    }
  }
}
