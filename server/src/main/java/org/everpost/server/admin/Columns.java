package org.everpost.server.admin;

import java.io.IOException;

/**
 * Lines of columns. Their widths are given, as nobody waits for the last line to see the first; a
 * longer text moves the rest of its line.
 */
final class Columns {

  private final Console console;
  private final int[] widths;

  /**
   * @param widths negative: what stands there is moved to the right; the last column has none
   */
  Columns(Console console, int... widths) {
    this.console = console;
    this.widths = widths.clone();
  }

  void line(Object... cells) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String text = printable(String.valueOf(cells[i]));
      int width = i < widths.length ? widths[i] : 0;
      String padding = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
      line.append(width < 0 ? padding + text : text + padding).append("  ");
    }
    console.line(line.toString().stripTrailing());
  }

  /** Others choose such texts: they must not tell the terminal what to do. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> printable.appendCodePoint(isPrintable(c) ? c : c == '\n' ? ' ' : '?'));
    return printable.toString();
  }

  private static boolean isPrintable(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE;
  }
}
