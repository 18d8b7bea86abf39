package org.everpost.server.imap;

import java.io.IOException;
import org.everpost.wire.imap.response.ResponseCode;
import org.everpost.wire.imap.response.StatusResponse;
import org.jspecify.annotations.Nullable;

/**
 * The tagged response that ends a command (RFC 9051 §7.1).
 *
 * @param code null for none
 * @param text for people
 * @param then what happens right after it was sent, or null
 */
record Reply(
    StatusResponse.Kind kind, @Nullable ResponseCode code, String text, @Nullable AfterReply then) {

  /** Something that must not happen before the client has the reply. */
  @FunctionalInterface
  interface AfterReply {
    void run() throws IOException;
  }

  static Reply ok(String text) {
    return new Reply(StatusResponse.Kind.OK, null, text, null);
  }

  static Reply ok(ResponseCode code, String text) {
    return new Reply(StatusResponse.Kind.OK, code, text, null);
  }

  static Reply no(String text) {
    return new Reply(StatusResponse.Kind.NO, null, text, null);
  }

  static Reply no(ResponseCode code, String text) {
    return new Reply(StatusResponse.Kind.NO, code, text, null);
  }

  static Reply bad(String text) {
    return new Reply(StatusResponse.Kind.BAD, null, text, null);
  }

  static Reply noSuchMailbox() {
    return no(ResponseCode.Plain.NONEXISTENT, "No such mailbox");
  }

  /** The target of APPEND, COPY or MOVE is not there (RFC 9051 §6.3.12). */
  static Reply tryCreate() {
    return no(ResponseCode.Plain.TRYCREATE, "No such mailbox");
  }

  /** RFC 9208 §4.3. */
  static Reply overQuota() {
    return no(ResponseCode.Plain.OVERQUOTA, "Quota exceeded");
  }

  static Reply tooManyKeywords() {
    return no(ResponseCode.Plain.LIMIT, "Too many keywords in this mailbox");
  }

  static Reply readOnly() {
    return no(ResponseCode.Plain.READ_ONLY, "The mailbox is selected read-only");
  }

  /** RFC 9051 §9, {@code seq-number}. */
  static Reply noSuchMessage() {
    return bad("No such message number");
  }

  /** Messages a command was about are gone (RFC 5530 §3). */
  static Reply expungeIssued() {
    return no(ResponseCode.Plain.EXPUNGEISSUED, "Some of the messages no longer exist");
  }

  Reply then(AfterReply action) {
    return new Reply(kind, code, text, action);
  }

  StatusResponse withTag(@Nullable String tag) {
    return new StatusResponse(tag, kind, code, text);
  }
}
