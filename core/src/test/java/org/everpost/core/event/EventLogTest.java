package org.everpost.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.everpost.core.time.Clock;
import org.junit.jupiter.api.Test;

/** How events look as lines, and that writing them never gets in anybody's way. */
final class EventLogTest {

  private static List<String> log(Event.Level level, Event... events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EventLog log = new EventLog(out, level, Clock.system())) {
      for (Event event : events) {
        log.accept(event);
      }
    }
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String line(Event event) {
    StringBuilder text = new StringBuilder();
    new Logfmt().append(text, Instant.ofEpochMilli(1_700_000_000_123L), event);
    return text.toString();
  }

  @Test
  void aLineHasTimeLevelNameAndFields() {
    assertThat(line(new ServerEvent.Listening("imap", "[::1]:143")))
        .isEqualTo(
            "time=2023-11-14T22:13:20.123Z level=info event=server.listening service=imap"
                + " address=[::1]:143\n");
  }

  @Test
  void nobodyCanForgeALineOrHideInOne() {
    assertThat(line(new ConnectionEvent.Refused("smtp", "a b", "x\ny\r\u001b[1m\"\\\u202e=")))
        .endsWith(
            "event=connection.refused service=smtp peer=\"a b\""
                + " reason=\"x\\ny\\r\\u001b[1m\\\"\\\\\\u202e=\"\n");
    assertThat(line(new ConnectionEvent.Refused("smtp", "", "ü")))
        .contains("peer=\"\" reason=\"ü\"");
    assertThat(line(new ConnectionEvent.Refused("smtp", "p", "x".repeat(1_000_000))))
        .hasSizeLessThan(10_000);
  }

  @Test
  void aCauseIsShownWithItsStackInOneLine() {
    String line =
        line(new ConnectionEvent.SessionFailed("c1", "imap", new IllegalStateException("oh\nno")));
    assertThat(line.strip()).doesNotContain("\n").contains("cause=\"java.lang.IllegalState");
    assertThat(line).contains("EventLogTest.aCauseIsShown");
  }

  @Test
  void lowerLevelsAreLeftOut() {
    Event debug = new ConnectionEvent.Opened("c1", "imap", "127.0.0.1");
    Event info = new ServerEvent.Ready(7);
    assertThat(log(Event.Level.INFO, debug, info)).singleElement().asString().contains("millis=7");
    assertThat(log(Event.Level.DEBUG, debug, info)).hasSize(2);
  }

  @Test
  void orderIsKeptAndClosingWritesEverything() {
    Event[] events = new Event[5_000];
    for (int i = 0; i < events.length; i++) {
      events[i] = new ServerEvent.Ready(i);
    }
    List<String> lines = log(Event.Level.INFO, events);
    assertThat(lines).hasSize(5_000);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).endsWith("millis=" + i);
    }
  }

  @Test
  void aReaderThatStandsStillCostsLinesNotSessions() {
    CountDownLatch stuck = new CountDownLatch(1);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int octet) {
            throw new AssertionError("octet by octet");
          }

          @Override
          public void write(byte[] source, int offset, int length) {
            try {
              stuck.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            written.write(source, offset, length);
          }
        };
    try (EventLog log = new EventLog(out, Event.Level.INFO, Clock.system())) {
      for (int i = 0; i < 100_000; i++) {
        log.accept(new ServerEvent.Ready(i));
      }
      stuck.countDown();
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).contains("event=server.log-lines-dropped");
  }
}
