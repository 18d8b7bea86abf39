package org.everpost.wire.imap.response;

import java.util.List;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.MimePart;
import org.everpost.wire.mime.MimePart.Parameter;
import org.jspecify.annotations.Nullable;

/** Writes BODY and, with extension data, BODYSTRUCTURE (RFC 9051 §7.5.2). */
public final class BodyStructureRenderer {

  /** Stands where the grammar wants a part and the message has none. */
  private static final String NO_PART = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0)";

  private static final String NO_PART_EXTENDED =
      "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)";

  private BodyStructureRenderer() {}

  /**
   * Writes the structure of a part and all below it.
   *
   * @param extended BODYSTRUCTURE, not BODY
   */
  public static void render(MimePart part, boolean extended, ResponseBuffer out) {
    out.octet('(');
    if (part.isMultipart()) {
      multipart(part, extended, out);
    } else {
      single(part, extended, out);
    }
    if (extended) {
      disposition(part.disposition(), out.space());
      languages(part.languages(), out.space());
      out.space().headerText(part.location());
    }
    out.octet(')');
  }

  private static void multipart(MimePart part, boolean extended, ResponseBuffer out) {
    List<MimePart> parts = part.parts();
    for (int i = 0; i < parts.size(); i++) {
      render(parts.get(i), extended, out);
    }
    if (parts.isEmpty()) {
      noPart(extended, out);
    }
    out.space().headerText(part.subtype());
    if (extended) {
      parameters(part.parameters(), out.space());
    }
  }

  private static void single(MimePart part, boolean extended, ResponseBuffer out) {
    out.headerText(part.type()).space().headerText(part.subtype());
    parameters(part.parameters(), out.space());
    out.space().headerText(part.contentId());
    out.space().headerText(part.description());
    out.space().headerText(part.encoding());
    out.space().number(part.bodySize());
    if (holdsMessage(part)) {
      Envelope envelope = part.enclosedEnvelope();
      out.space();
      if (envelope == null) {
        EnvelopeRenderer.renderEmpty(out);
      } else {
        EnvelopeRenderer.render(envelope, out);
      }
      out.space();
      if (part.parts().isEmpty()) {
        noPart(extended, out);
      } else {
        render(part.parts().getFirst(), extended, out);
      }
      out.space().number(part.lines());
    } else if (part.type().equals("text")) {
      out.space().number(part.lines());
    }
    if (extended) {
      out.space().headerText(part.md5());
    }
  }

  /** Whether clients expect an envelope and a structure here ({@code media-message}). */
  private static boolean holdsMessage(MimePart part) {
    return part.type().equals("message")
        && (part.subtype().equals("rfc822") || part.subtype().equals("global"));
  }

  private static void noPart(boolean extended, ResponseBuffer out) {
    out.ascii(extended ? NO_PART_EXTENDED : NO_PART);
  }

  private static void parameters(List<Parameter> parameters, ResponseBuffer out) {
    if (parameters.isEmpty()) {
      out.nil();
      return;
    }
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      out.octet(i == 0 ? '(' : ' ').headerText(parameter.name());
      out.space().headerText(parameter.value());
    }
    out.octet(')');
  }

  private static void disposition(MimePart.@Nullable Disposition disposition, ResponseBuffer out) {
    if (disposition == null) {
      out.nil();
      return;
    }
    out.octet('(').headerText(disposition.type());
    parameters(disposition.parameters(), out.space());
    out.octet(')');
  }

  private static void languages(List<String> languages, ResponseBuffer out) {
    if (languages.isEmpty()) {
      out.nil();
      return;
    }
    for (int i = 0; i < languages.size(); i++) {
      out.octet(i == 0 ? '(' : ' ').headerText(languages.get(i));
    }
    out.octet(')');
  }
}
