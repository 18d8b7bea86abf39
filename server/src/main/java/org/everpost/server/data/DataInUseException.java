package org.everpost.server.data;

import java.nio.file.Path;

/** Another process has the data directory: a server, or a command that is soon done. */
public final class DataInUseException extends StartException {

  private static final long serialVersionUID = 1;

  DataInUseException(Path data) {
    super(
        "the data directory "
            + data
            + " is in use by another Everpost or one of its commands: stop that one first");
  }
}
