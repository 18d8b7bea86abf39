package org.everpost.core.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.everpost.core.row.Proto;
import org.everpost.wire.mime.Envelope;
import org.everpost.wire.mime.EnvelopeAddress;
import org.everpost.wire.mime.MimePart;
import org.jspecify.annotations.Nullable;

/** The stored form of {@link MimePart} and {@link Envelope}. */
final class StructureCodec {

  private StructureCodec() {}

  static void write(CodedOutputStream out, MimePart part) throws IOException {
    out.writeInt64(1, part.headerOffset());
    out.writeInt64(2, part.headerSize());
    out.writeInt64(3, part.bodyOffset());
    out.writeInt64(4, part.bodySize());
    out.writeInt64(5, part.lines());
    out.writeString(6, part.type());
    out.writeString(7, part.subtype());
    writeParameters(out, 8, part.parameters());
    writeString(out, 9, part.contentId());
    writeString(out, 10, part.description());
    out.writeString(11, part.encoding());
    writeString(out, 12, part.md5());
    MimePart.Disposition disposition = part.disposition();
    if (disposition != null) {
      out.writeString(13, disposition.type());
      writeParameters(out, 14, disposition.parameters());
    }
    for (String language : part.languages()) {
      out.writeString(15, language);
    }
    writeString(out, 16, part.location());
    Envelope envelope = part.envelope();
    if (envelope != null) {
      Proto.writeMessage(out, 17, inner -> write(inner, envelope));
    }
    for (MimePart child : part.parts()) {
      Proto.writeMessage(out, 18, inner -> write(inner, child));
    }
  }

  static MimePart read(CodedInputStream in) throws IOException {
    long[] numbers = new long[6];
    @Nullable String[] texts = new @Nullable String[17];
    List<MimePart.Parameter> parameters = new ArrayList<>();
    List<MimePart.Parameter> dispositionParameters = new ArrayList<>();
    List<String> languages = new ArrayList<>();
    List<MimePart> parts = new ArrayList<>();
    @Nullable Envelope envelope = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = tag >>> 3;
      switch (field) {
        case 1, 2, 3, 4, 5 -> numbers[field] = in.readInt64();
        case 6, 7, 9, 10, 11, 12, 13, 16 -> texts[field] = in.readString();
        case 8 -> parameters.add(Proto.readMessage(in, StructureCodec::readParameter));
        case 14 -> dispositionParameters.add(Proto.readMessage(in, StructureCodec::readParameter));
        case 15 -> languages.add(in.readString());
        case 17 -> envelope = Proto.readMessage(in, StructureCodec::readEnvelope);
        case 18 -> parts.add(Proto.readMessage(in, StructureCodec::read));
        default -> in.skipField(tag);
      }
    }
    String disposition = texts[13];
    return new MimePart(
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        orEmpty(texts[6]),
        orEmpty(texts[7]),
        parameters,
        texts[9],
        texts[10],
        orEmpty(texts[11]),
        texts[12],
        disposition == null ? null : new MimePart.Disposition(disposition, dispositionParameters),
        languages,
        texts[16],
        envelope,
        parts);
  }

  private static void write(CodedOutputStream out, Envelope envelope) throws IOException {
    writeString(out, 1, envelope.date());
    writeString(out, 2, envelope.subject());
    writeAddresses(out, 3, envelope.from());
    writeAddresses(out, 4, envelope.sender().equals(envelope.from()) ? null : envelope.sender());
    writeAddresses(out, 5, envelope.replyTo().equals(envelope.from()) ? null : envelope.replyTo());
    writeAddresses(out, 6, envelope.to());
    writeAddresses(out, 7, envelope.cc());
    writeAddresses(out, 8, envelope.bcc());
    writeString(out, 9, envelope.inReplyTo());
    writeString(out, 10, envelope.messageId());
  }

  private static Envelope readEnvelope(CodedInputStream in) throws IOException {
    @Nullable String[] texts = new @Nullable String[11];
    List<List<EnvelopeAddress>> addresses = new ArrayList<>();
    for (int i = 0; i <= 8; i++) {
      addresses.add(new ArrayList<>());
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = tag >>> 3;
      switch (field) {
        case 1, 2, 9, 10 -> texts[field] = in.readString();
        case 3, 4, 5, 6, 7, 8 ->
            addresses.get(field).add(Proto.readMessage(in, StructureCodec::readAddress));
        default -> in.skipField(tag);
      }
    }
    List<EnvelopeAddress> from = addresses.get(3);
    return new Envelope(
        texts[1],
        texts[2],
        from,
        addresses.get(4).isEmpty() ? from : addresses.get(4),
        addresses.get(5).isEmpty() ? from : addresses.get(5),
        addresses.get(6),
        addresses.get(7),
        addresses.get(8),
        texts[9],
        texts[10]);
  }

  /** A null list is written as an absent one: sender and reply-to are then those of from. */
  private static void writeAddresses(
      CodedOutputStream out, int field, @Nullable List<EnvelopeAddress> addresses)
      throws IOException {
    if (addresses == null) {
      return;
    }
    for (EnvelopeAddress address : addresses) {
      Proto.writeMessage(
          out,
          field,
          inner -> {
            writeString(inner, 1, address.name());
            writeString(inner, 2, address.mailbox());
            writeString(inner, 3, address.host());
          });
    }
  }

  private static EnvelopeAddress readAddress(CodedInputStream in) throws IOException {
    @Nullable String[] texts = readTexts(in, 3);
    return new EnvelopeAddress(texts[1], texts[2], texts[3]);
  }

  private static void writeParameters(
      CodedOutputStream out, int field, List<MimePart.Parameter> parameters) throws IOException {
    for (MimePart.Parameter parameter : parameters) {
      Proto.writeMessage(
          out,
          field,
          inner -> {
            inner.writeString(1, parameter.name());
            inner.writeString(2, parameter.value());
          });
    }
  }

  private static MimePart.Parameter readParameter(CodedInputStream in) throws IOException {
    @Nullable String[] texts = readTexts(in, 2);
    return new MimePart.Parameter(orEmpty(texts[1]), orEmpty(texts[2]));
  }

  private static @Nullable String[] readTexts(CodedInputStream in, int fields) throws IOException {
    @Nullable String[] texts = new @Nullable String[fields + 1];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = tag >>> 3;
      if (field <= fields) {
        texts[field] = in.readString();
      } else {
        in.skipField(tag);
      }
    }
    return texts;
  }

  private static void writeString(CodedOutputStream out, int field, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeString(field, text);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
