package org.everpost.server.net;

import java.io.IOException;
import java.nio.file.Path;

/** A certificate or key file cannot be used; the message says which and why, for the operator. */
public final class CertificateFileException extends IOException {

  private static final long serialVersionUID = 1;

  CertificateFileException(Path file, String reason) {
    super(file + ": " + reason);
  }
}
