package org.everpost.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonTest {

  @Test
  void whatAnExceptionSaysOrIsCalled() {
    assertThat(Reason.of(new IOException("no space left"))).isEqualTo("no space left");
    assertThat(Reason.of(new ClosedByInterruptException())).isEqualTo("ClosedByInterruptException");
    assertThat(Reason.of(new PortUnreachableException())).isEqualTo("nobody listens there");
    assertThat(Reason.of(new AccessDeniedException("/data"))).isEqualTo("permission denied");
    assertThat(Reason.of(new NoSuchFileException("/data"))).isEqualTo("NoSuchFileException /data");
    assertThat(Reason.of(new NoSuchFileException(null))).isEqualTo("NoSuchFileException");
    assertThat(Reason.of(new FileSystemException("/data", null, "read-only")))
        .isEqualTo("/data: read-only");
  }

  @Test
  void withAllCauses() {
    IOException cause = new IOException("the file", new ClosedByInterruptException());
    assertThat(Reason.withCauses(new IllegalStateException("the store", cause)))
        .isEqualTo("the store: the file: ClosedByInterruptException");
  }
}
