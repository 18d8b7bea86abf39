package org.everpost.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Python's smtplib, imaplib and poplib: the whole of what each can do. */
@Tag("slow")
class PythonTest {

  @RegisterExtension static final Everpost EVERPOST = new Everpost();

  @ParameterizedTest
  @ValueSource(strings = {"SmtpTest", "ImapTest", "PopTest"})
  void library(String tests) {
    Path script = EVERPOST.directory().resolve("client_libraries.py");
    try (InputStream in =
        Objects.requireNonNull(PythonTest.class.getResourceAsStream("client_libraries.py"))) {
      Files.write(script, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Tool python =
        Tool.of("python3", script.toString(), "--verbose", tests)
            .environment("USER_ONE", EVERPOST.newUser())
            .environment("USER_TWO", EVERPOST.newUser())
            .environment("PASSWORD", Everpost.PASSWORD);
    for (String service :
        new String[] {
          "smtp", "submission", "submissions", "lmtp", "imap", "imaps", "pop3", "pop3s"
        }) {
      python = python.environment("PORT_" + service, "" + EVERPOST.port(service));
    }
    python.run().good();
  }
}
