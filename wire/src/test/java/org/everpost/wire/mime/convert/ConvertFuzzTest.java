package org.everpost.wire.mime.convert;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.stream.Stream;
import org.everpost.wire.mime.MimeCorpus;
import org.everpost.wire.mime.convert.BodyConversion.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs over the recorded messages and looks for new ones with {@code JAZZER_FUZZ=1}. */
@Tag("slow")
class ConvertFuzzTest {

  static Stream<byte[]> messages() {
    return MimeCorpus.files().stream().map(MimeCorpus::read).filter(m -> m.length < 4_096);
  }

  @MethodSource("messages")
  @FuzzTest
  void anyMessage(byte[] message) throws IOException {
    BodyConversionTest.check(message, Target.SEVEN_BIT);
    BodyConversionTest.check(message, Target.EIGHT_BIT);
  }
}
