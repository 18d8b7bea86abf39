package org.everpost.wire.smtp;

import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.everpost.wire.smtp.SmtpCommand.Mail;
import org.everpost.wire.smtp.SmtpCommand.Rcpt;

/** The commands of a client that have parameters, without their line end. */
public final class CommandRenderer {

  private CommandRenderer() {}

  /** Only parameters that are not what holds without them are named. */
  public static String mail(Mail mail) {
    StringBuilder line = new StringBuilder("MAIL FROM:").append(mail.from());
    if (mail.size() != Mail.NO_SIZE) {
      line.append(" SIZE=").append(mail.size());
    }
    switch (mail.body()) {
      case SEVEN_BIT -> {}
      case EIGHT_BIT_MIME -> line.append(" BODY=8BITMIME");
      case BINARY_MIME -> line.append(" BODY=BINARYMIME");
    }
    if (mail.smtpUtf8()) {
      line.append(" SMTPUTF8");
    }
    if (mail.ret() != null) {
      line.append(" RET=").append(mail.ret());
    }
    if (mail.envid() != null) {
      line.append(" ENVID=").append(Xtext.encode(mail.envid()));
    }
    if (mail.auth() != null) {
      line.append(" AUTH=").append(Xtext.encode(mail.auth()));
    }
    if (mail.requireTls()) {
      line.append(" REQUIRETLS");
    }
    return line.toString();
  }

  /**
   * As {@link #mail}.
   *
   * @param smtpUtf8 whether the transaction has SMTPUTF8, so that all may be written as it is
   */
  public static String rcpt(Rcpt rcpt, boolean smtpUtf8) {
    StringBuilder line = new StringBuilder("RCPT TO:").append(rcpt.to());
    if (!rcpt.notifyOn().isEmpty()) {
      line.append(" NOTIFY=");
      line.append(
          new TreeSet<>(rcpt.notifyOn()).stream().map(Enum::name).collect(Collectors.joining(",")));
    }
    String orcpt = rcpt.orcpt();
    if (orcpt != null) {
      int semicolon = orcpt.indexOf(';');
      String type = orcpt.substring(0, semicolon);
      String address = orcpt.substring(semicolon + 1);
      line.append(" ORCPT=").append(type).append(';');
      line.append(
          type.toLowerCase(Locale.ROOT).equals("utf-8")
              ? Xtext.encodeUnicode(address, smtpUtf8)
              : Xtext.encode(address));
    }
    return line.toString();
  }
}
