package org.everpost.server.relay.web;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request (RFC 9112), as much of it as a small text file takes.
 *
 * @param contentType in lower case; empty: not told
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record WebResponse(int status, String contentType, byte[] body) {

  private static final int MAX_LINE = 8_192;

  /** Of all fields together, and of what stands between and behind chunks. */
  private static final int MAX_LINES = 200;

  /** So many answers may say that the answer is still to come (RFC 9110 §15.2). */
  private static final int MAX_INTERIM = 5;

  public WebResponse {
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(body, "body");
  }

  /**
   * Reads one; what follows it is not looked at.
   *
   * @param mostOctets of the body
   * @throws IOException also if it is none, or its body is larger
   */
  static WebResponse read(InputStream in, int mostOctets) throws IOException {
    return new Reader(in, mostOctets).read();
  }

  private static final class Reader {
    private final InputStream in;
    private final int mostOctets;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int lines;
    private String contentType = "";
    private boolean chunked;
    private @Nullable String length;

    Reader(InputStream in, int mostOctets) {
      this.in = in;
      this.mostOctets = mostOctets;
    }

    WebResponse read() throws IOException {
      int status = head();
      for (int i = 0; status < 200; i++) {
        if (i == MAX_INTERIM) {
          throw new IOException("no answer but the promise of one");
        }
        status = head();
      }
      if (chunked) {
        chunks();
      } else if (length != null) {
        take(number(length, 10));
      } else {
        rest();
      }
      return new WebResponse(status, contentType, body.toByteArray());
    }

    /** The status line and the fields; returns the status. */
    private int head() throws IOException {
      contentType = "";
      chunked = false;
      length = null;
      String[] status = line().split(" ", 3);
      if (!status[0].startsWith("HTTP/1.") || status.length < 2 || status[1].length() != 3) {
        throw new IOException("not HTTP");
      }
      for (String field = line(); !field.isEmpty(); field = line()) {
        String[] parts = field.split(":", 2);
        String value = parts[parts.length - 1].strip().toLowerCase(Locale.ROOT);
        switch (parts[0].toLowerCase(Locale.ROOT)) {
          case "content-type" -> contentType = value;
          case "content-length" -> length = value;
          case "transfer-encoding" -> {
            if (!value.equals("chunked")) {
              throw new IOException("an unknown transfer coding");
            }
            chunked = true; // stronger than a length: RFC 9112 §6.3
          }
          default -> {}
        }
      }
      return number(status[1], 10);
    }

    /** RFC 9112 §7.1; what is said behind the last one does not matter. */
    private void chunks() throws IOException {
      int size = chunk();
      while (size > 0) {
        take(size);
        if (!line().isEmpty()) {
          throw new IOException("a chunk without an end");
        }
        size = chunk();
      }
    }

    private int chunk() throws IOException {
      return number(line().split(";", 2)[0].strip(), 16);
    }

    private void take(int octets) throws IOException {
      if (octets > mostOctets - body.size()) {
        throw new IOException("more than " + mostOctets + " octets");
      }
      for (int i = 0; i < octets; i++) {
        body.write(octet());
      }
    }

    private void rest() throws IOException {
      try {
        while (true) {
          int octet = octet();
          if (body.size() == mostOctets) {
            throw new IOException("more than " + mostOctets + " octets");
          }
          body.write(octet);
        }
      } catch (EOFException e) {
        // That is the end of it.
      }
    }

    private int octet() throws IOException {
      int octet = in.read();
      if (octet < 0) {
        throw new EOFException("the answer ends too soon");
      }
      return octet;
    }

    private String line() throws IOException {
      if (++lines > MAX_LINES) {
        throw new IOException("an endless answer");
      }
      StringBuilder line = new StringBuilder();
      for (int octet = octet(); octet != '\n'; octet = octet()) {
        if (line.length() == MAX_LINE) {
          throw new IOException("an endless line");
        }
        line.append((char) octet);
      }
      return line.toString().stripTrailing();
    }

    private static int number(String text, int radix) throws IOException {
      try {
        if (!text.startsWith("+") && !text.startsWith("-")) {
          return Integer.parseInt(text, radix);
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new IOException("not a number");
    }
  }
}
