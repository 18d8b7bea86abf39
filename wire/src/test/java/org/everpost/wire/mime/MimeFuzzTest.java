package org.everpost.wire.mime;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Tag;

/** Runs over its recorded inputs and looks for new ones with {@code JAZZER_FUZZ=1}. */
@Tag("slow")
class MimeFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void scan(byte[] message) throws IOException {
    MimeMutationTest.check(message, new Random(message.length));
  }
}
