package org.everpost.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether ENVELOPE and BODYSTRUCTURE are what RFC 9051 §7.5.2 says they are. */
final class StructureCheck {

  private static final int ENVELOPE_FIELDS = 10;

  private StructureCheck() {}

  /** A part that can be fetched: its number, and how large it is said to be. */
  record Leaf(String section, long size) {}

  static void envelope(ImapValue value) {
    List<ImapValue> fields = value.list();
    assertThat(fields).hasSize(ENVELOPE_FIELDS);
    for (int i = 0; i < ENVELOPE_FIELDS; i++) {
      boolean addresses = i >= 2 && i <= 7;
      if (addresses) {
        addresses(fields.get(i));
      } else {
        textOrNil(fields.get(i));
      }
    }
  }

  private static void addresses(ImapValue value) {
    if (value.isNil()) {
      return;
    }
    assertThat(value.list()).isNotEmpty();
    for (ImapValue address : value.list()) {
      assertThat(address.list()).hasSize(4);
      address.list().forEach(StructureCheck::textOrNil);
    }
  }

  private static void textOrNil(ImapValue value) {
    if (!value.isNil()) {
      string(value);
    }
  }

  private static void string(ImapValue value) {
    assertThat(value).isInstanceOf(ImapValue.Text.class);
    assertThat(((ImapValue.Text) value).isAtom()).as("an atom instead of a string").isFalse();
  }

  /** Checks it, and returns the parts that have no parts. */
  static List<Leaf> body(ImapValue value) {
    List<Leaf> leaves = new ArrayList<>();
    if (value.get(0).isList()) {
      multipart(value, "", leaves);
    } else {
      single(value, "1", leaves);
    }
    return leaves;
  }

  private static void part(ImapValue value, String section, List<Leaf> leaves) {
    if (value.get(0).isList()) {
      multipart(value, section + ".", leaves);
    } else {
      single(value, section, leaves);
    }
  }

  private static void multipart(ImapValue value, String prefix, List<Leaf> leaves) {
    List<ImapValue> items = value.list();
    int parts = 0;
    while (items.get(parts).isList()) {
      part(items.get(parts), prefix + (parts + 1), leaves);
      parts++;
    }
    string(items.get(parts));
    extensions(items.subList(parts + 1, items.size()), true);
  }

  private static void single(ImapValue value, String section, List<Leaf> leaves) {
    List<ImapValue> items = value.list();
    string(items.get(0));
    string(items.get(1));
    parameters(items.get(2));
    textOrNil(items.get(3));
    textOrNil(items.get(4));
    string(items.get(5));
    long size = items.get(6).number();
    leaves.add(new Leaf(section, size));
    String type = items.get(0).text().toLowerCase(Locale.ROOT);
    String subtype = items.get(1).text().toLowerCase(Locale.ROOT);
    int next = 7;
    if (type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"))) {
      envelope(items.get(7));
      List<Leaf> inner = new ArrayList<>();
      ImapValue body = items.get(8);
      if (body.get(0).isList()) {
        multipart(body, section + ".", inner);
      } else {
        single(body, section + ".1", inner);
      }
      leaves.addAll(inner);
      assertThat(items.get(9).number()).isNotNegative();
      next = 10;
    } else if (type.equals("text")) {
      assertThat(items.get(7).number()).isNotNegative();
      next = 8;
    }
    extensions(items.subList(next, items.size()), false);
  }

  /** MD5 or parameters, disposition, language, location. */
  private static void extensions(List<ImapValue> items, boolean multipart) {
    assertThat(items).hasSizeLessThanOrEqualTo(4);
    if (items.size() > 0) {
      if (multipart) {
        parameters(items.get(0));
      } else {
        textOrNil(items.get(0));
      }
    }
    if (items.size() > 1 && !items.get(1).isNil()) {
      assertThat(items.get(1).list()).hasSize(2);
      string(items.get(1).get(0));
      parameters(items.get(1).get(1));
    }
    if (items.size() > 2 && items.get(2).isList()) {
      items.get(2).list().forEach(StructureCheck::string);
    } else if (items.size() > 2) {
      textOrNil(items.get(2));
    }
    if (items.size() > 3) {
      textOrNil(items.get(3));
    }
  }

  private static void parameters(ImapValue value) {
    if (!value.isNil()) {
      assertThat(value.list()).isNotEmpty();
      assertThat(value.list().size() % 2).isZero();
      value.list().forEach(StructureCheck::string);
    }
  }
}
