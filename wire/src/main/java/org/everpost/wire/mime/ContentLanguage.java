package org.everpost.wire.mime;

import java.util.ArrayList;
import java.util.List;

/** Content-Language (RFC 3282): language tags between commas. */
final class ContentLanguage {

  private ContentLanguage() {}

  static List<String> parse(byte[] b, int from, int to) {
    var tags = new ArrayList<String>(1);
    var c = new FieldCursor(b, from, to);
    while (!c.atEnd() && tags.size() < MimeLimits.LANGUAGES) {
      c.skipCfws();
      int start = c.at();
      if (c.skipToken() > 0) {
        tags.add(HeaderText.decode(b, start, c.at()));
      } else {
        c.skip();
      }
    }
    return tags;
  }
}
