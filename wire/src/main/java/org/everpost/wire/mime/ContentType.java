package org.everpost.wire.mime;

import java.util.List;
import org.everpost.wire.mime.MimePart.Parameter;

/** Content-Type (RFC 2045 §5): type and subtype in lower case. */
record ContentType(String type, String subtype, List<Parameter> parameters) {

  /** RFC 2045 §5.2: what is plain mail, and what cannot be read, is this. */
  static final ContentType TEXT = new ContentType("text", "plain", List.of());

  /** RFC 2046 §5.1.5: what a part of a digest is. */
  static final ContentType MESSAGE = new ContentType("message", "rfc822", List.of());

  /** RFC 2046 §4.5.1: octets about which nothing is known. */
  static final ContentType OPAQUE = new ContentType("application", "octet-stream", List.of());

  static ContentType parse(byte[] b, int from, int to) {
    var c = new FieldCursor(b, from, to);
    c.skipCfws();
    String type = c.token();
    c.skipCfws();
    String subtype = "";
    if (c.peek() == '/') {
      c.skip();
      c.skipCfws();
      subtype = c.token();
    }
    List<Parameter> parameters = ParameterList.parse(c);
    return type.isEmpty() || subtype.isEmpty()
        ? new ContentType(TEXT.type, TEXT.subtype, parameters)
        : new ContentType(type, subtype, parameters);
  }

  boolean isMultipart() {
    return type.equals("multipart");
  }

  /** RFC 2046 §5.2.1 and RFC 6532 §3.7. */
  boolean isMessage() {
    return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
  }

  /** The value of a parameter, empty if there is none. */
  String parameter(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter.value();
      }
    }
    return "";
  }
}
