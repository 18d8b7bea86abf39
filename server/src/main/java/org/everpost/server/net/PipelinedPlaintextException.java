package org.everpost.server.net;

/**
 * Plaintext was waiting behind the command that starts TLS: somebody in the middle may have put it
 * there (CVE-2011-0411). It was dropped, no TLS was started, and the session ends without a word.
 */
public final class PipelinedPlaintextException extends ConnectionException {

  private static final long serialVersionUID = 1;

  PipelinedPlaintextException() {
    super("plaintext behind STARTTLS", null);
  }
}
