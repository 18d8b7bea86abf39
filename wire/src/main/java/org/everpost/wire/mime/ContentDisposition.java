package org.everpost.wire.mime;

import java.util.List;
import org.everpost.wire.mime.MimePart.Disposition;
import org.everpost.wire.mime.MimePart.Parameter;
import org.jspecify.annotations.Nullable;

/** Content-Disposition (RFC 2183). */
final class ContentDisposition {

  private ContentDisposition() {}

  /** Null if the field says nothing; with parameters but no type it is an attachment (§2.8). */
  static @Nullable Disposition parse(byte[] b, int from, int to) {
    var c = new FieldCursor(b, from, to);
    c.skipCfws();
    String type = c.token();
    List<Parameter> parameters = ParameterList.parse(c);
    if (type.isEmpty() && parameters.isEmpty()) {
      return null;
    }
    return new Disposition(type.isEmpty() ? "attachment" : type, parameters);
  }
}
