package org.everpost.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.everpost.core.event.ConnectionEvent;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every {@link Dialogue} against a server of its own. */
class DialogueTest {

  @TestFactory
  Stream<DynamicTest> scripts() {
    return Dialogue.all().stream()
        .map(dialogue -> DynamicTest.dynamicTest(dialogue.name(), () -> play(dialogue)));
  }

  private static void play(Dialogue dialogue) {
    try (SmtpHouse house = new SmtpHouse()) {
      dialogue.play(house);
      assertThat(house.events(ConnectionEvent.SessionFailed.class)).isEmpty();
    }
  }
}
