package org.everpost.wire.dsn;

import org.everpost.wire.smtp.EnhancedStatusCode;

/** What a status code (RFC 3463, RFC 5248) means to somebody who wrote a letter. */
public enum Explanation {
  NO_SUCH_MAILBOX(
      "There is no such address at that server.",
      "Check how the address is written, or ask the recipient for the right one.",
      "Diese Adresse gibt es auf dem Server des Empfängers nicht.",
      "Prüfen Sie die Schreibweise, oder fragen Sie den Empfänger nach der richtigen Adresse."),
  NO_SUCH_DOMAIN(
      "The part of the address after the @ does not exist.",
      "Check how the address is written.",
      "Den Teil der Adresse nach dem @ gibt es nicht.",
      "Prüfen Sie die Schreibweise der Adresse."),
  TAKES_NO_MAIL(
      "The domain of this address takes no mail at all.",
      "Check how the address is written, or reach the recipient in another way.",
      "Die Domain dieser Adresse nimmt keine E-Mail an.",
      "Prüfen Sie die Schreibweise, oder erreichen Sie den Empfänger auf anderem Weg."),
  BAD_ADDRESS(
      "The recipient's server cannot make sense of this address.",
      "Check how the address is written.",
      "Der Server des Empfängers kann mit dieser Adresse nichts anfangen.",
      "Prüfen Sie die Schreibweise der Adresse."),
  MOVED(
      "The recipient has moved and left no new address that mail could go to.",
      "Ask the recipient for the new address.",
      "Der Empfänger ist umgezogen und hat keine neue Adresse hinterlassen.",
      "Fragen Sie den Empfänger nach der neuen Adresse."),
  SENDER_REFUSED(
      "The recipient's server does not accept your address as a sender.",
      "If it accepts other messages of yours, try again; else turn to your provider.",
      "Der Server des Empfängers nimmt Ihre Adresse als Absender nicht an.",
      "Nimmt er sonst Nachrichten von Ihnen an, versuchen Sie es noch einmal; wenn nicht, wenden"
          + " Sie sich an Ihren Anbieter."),
  MAILBOX_DISABLED(
      "The recipient's mailbox takes no mail, for instance because it was closed or blocked.",
      "Reach the recipient in another way.",
      "Das Postfach des Empfängers nimmt nichts an, etwa weil es stillgelegt oder gesperrt ist.",
      "Erreichen Sie den Empfänger auf anderem Weg."),
  MAILBOX_FULL(
      "The recipient's mailbox is full.",
      "Send the message again in a few days, or tell the recipient in another way.",
      "Das Postfach des Empfängers ist voll.",
      "Senden Sie die Nachricht in einigen Tagen noch einmal, oder sagen Sie dem Empfänger auf"
          + " anderem Weg Bescheid."),
  TOO_LARGE(
      "The message is larger than the recipient's server takes.",
      "Send it without attachments or with smaller ones, or divide it.",
      "Die Nachricht ist größer, als der Server des Empfängers annimmt.",
      "Senden Sie sie ohne oder mit kleineren Anhängen, oder teilen Sie sie auf."),
  SERVER_TROUBLE(
      "The recipient's server has trouble of its own.",
      "Send the message again later.",
      "Der Server des Empfängers hat selbst Schwierigkeiten.",
      "Senden Sie die Nachricht später noch einmal."),
  UNREACHABLE(
      "The recipient's server cannot be reached.",
      "Check how the address is written, or send the message again in a few days.",
      "Der Server des Empfängers ist nicht zu erreichen.",
      "Prüfen Sie die Schreibweise, oder senden Sie die Nachricht in einigen Tagen noch einmal."),
  NAME_SERVICE(
      "The name service does not say which server takes mail for this address.",
      "Check how the address is written, or send the message again in a few days.",
      "Der Namensdienst sagt nicht, welcher Server E-Mail für diese Adresse annimmt.",
      "Prüfen Sie die Schreibweise, oder senden Sie die Nachricht in einigen Tagen noch einmal."),
  LOOP(
      "The message went round in circles: servers pass it on to each other without end.",
      "Tell the recipient, or the postmaster there; the way mail is forwarded needs mending.",
      "Die Nachricht lief im Kreis: Server reichen sie ohne Ende aneinander weiter.",
      "Sagen Sie es dem Empfänger oder dem dortigen Postmaster; die Weiterleitung muss in Ordnung"
          + " gebracht werden."),
  EXPIRED(
      "The message could not be delivered in time.",
      "Send the message again, or reach the recipient in another way.",
      "Die Nachricht ließ sich nicht rechtzeitig zustellen.",
      "Senden Sie die Nachricht noch einmal, oder erreichen Sie den Empfänger auf anderem Weg."),
  TOO_MANY_RECIPIENTS(
      "The message has more recipients than the server takes at once.",
      "Send it to fewer at a time.",
      "Die Nachricht hat mehr Empfänger, als der Server auf einmal annimmt.",
      "Senden Sie sie an weniger Empfänger auf einmal."),
  PROTOCOL(
      "The recipient's server and ours do not understand each other.",
      "If it happens again, forward this message to your provider.",
      "Der Server des Empfängers und unserer verstehen einander nicht.",
      "Wenn es wieder vorkommt, leiten Sie diese Nachricht an Ihren Anbieter weiter."),
  CONTENT(
      "The recipient's server does not take what is in the message, or the form it is in.",
      "Send it in another form, for instance without attachments.",
      "Der Server des Empfängers nimmt den Inhalt der Nachricht oder ihre Form nicht an.",
      "Senden Sie sie in anderer Form, etwa ohne Anhänge."),
  NEEDS_UTF8(
      "The message has an address or a header with letters such as ä or 中, and the recipient's"
          + " server does not know these.",
      "If you or the recipient have another address without such letters, use that one.",
      "In einer Adresse oder im Kopf der Nachricht stehen Buchstaben wie ä oder 中, die der Server"
          + " des Empfängers nicht kennt.",
      "Wenn Sie oder der Empfänger eine andere Adresse ohne solche Buchstaben haben, benutzen Sie"
          + " diese."),
  SECURITY(
      "There is no connection to the recipient's server that is as secure as it has to be.",
      "The fault is not yours; tell the postmaster of the recipient's domain.",
      "Es kommt keine Verbindung zum Server des Empfängers zustande, die so sicher ist, wie sie"
          + " sein muss.",
      "An Ihnen liegt das nicht; sagen Sie es dem Postmaster der Domain des Empfängers."),
  NOT_AUTHENTICATED(
      "The recipient's server does not believe that the message comes from your domain.",
      "Forward this message to your provider: the domain's SPF, DKIM or DMARC records need a look.",
      "Der Server des Empfängers glaubt nicht, dass die Nachricht aus Ihrer Domain kommt.",
      "Leiten Sie diese Nachricht an Ihren Anbieter weiter: Die Einträge der Domain für SPF, DKIM"
          + " oder DMARC sollten geprüft werden."),
  POLICY(
      "The recipient's server refused the message because of its rules, for instance because it"
          + " takes it for spam.",
      "What the server said may tell more. Reach the recipient in another way.",
      "Der Server des Empfängers hat die Nachricht wegen seiner Regeln abgewiesen, etwa weil er"
          + " sie für Spam hält.",
      "Was der Server sagt, verrät vielleicht mehr. Erreichen Sie den Empfänger auf anderem Weg."),
  TOO_MUCH_MAIL(
      "The recipient's server thinks that too much mail comes at once.",
      "Send the message again later.",
      "Dem Server des Empfängers kommt zu viel E-Mail auf einmal.",
      "Senden Sie die Nachricht später noch einmal."),
  REFUSED(
      "The recipient's server refused the message.",
      "What the server said may tell why.",
      "Der Server des Empfängers hat die Nachricht abgewiesen.",
      "Was der Server sagt, verrät vielleicht den Grund.");

  private final String english;
  private final String englishAdvice;
  private final String german;
  private final String germanAdvice;

  Explanation(String english, String englishAdvice, String german, String germanAdvice) {
    this.english = english;
    this.englishAdvice = englishAdvice;
    this.german = german;
    this.germanAdvice = germanAdvice;
  }

  /** What happened. */
  public String text(Language language) {
    return language.choose(english, german);
  }

  /** What to do about it, if it is for ever. */
  public String advice(Language language) {
    return language.choose(englishAdvice, germanAdvice);
  }

  /** Of a failure, transient or permanent. */
  public static Explanation of(EnhancedStatusCode status) {
    int detail = status.detail();
    return switch (status.subject()) {
      case 1 -> address(detail);
      case 2 ->
          switch (detail) {
            case 1 -> MAILBOX_DISABLED;
            case 2 -> MAILBOX_FULL;
            case 3 -> TOO_LARGE;
            default -> REFUSED;
          };
      case 3 -> detail == 4 ? TOO_LARGE : SERVER_TROUBLE;
      case 4 -> network(detail);
      case 5 -> detail == 3 ? TOO_MANY_RECIPIENTS : PROTOCOL;
      case 6 -> detail >= 7 && detail <= 10 ? NEEDS_UTF8 : CONTENT;
      case 7 -> security(detail);
      default -> status.severity() == 4 ? SERVER_TROUBLE : REFUSED;
    };
  }

  private static Explanation address(int detail) {
    return switch (detail) {
      case 1 -> NO_SUCH_MAILBOX;
      case 2 -> NO_SUCH_DOMAIN;
      case 6 -> MOVED;
      case 7, 8 -> SENDER_REFUSED;
      case 10 -> TAKES_NO_MAIL; // RFC 7505 §5.1
      default -> BAD_ADDRESS;
    };
  }

  private static Explanation network(int detail) {
    return switch (detail) {
      case 3, 4 -> NAME_SERVICE;
      case 5 -> SERVER_TROUBLE;
      case 6 -> LOOP;
      case 7 -> EXPIRED;
      default -> UNREACHABLE;
    };
  }

  private static Explanation security(int detail) {
    return switch (detail) {
      case 4, 5, 10, 30 -> SECURITY; // 30: RFC 8689 §6
      case 20, 21, 22, 23, 24, 25, 26 -> NOT_AUTHENTICATED; // RFC 7372 §3
      case 27 -> SENDER_REFUSED; // RFC 7505 §5.2
      case 28 -> TOO_MUCH_MAIL;
      default -> POLICY;
    };
  }
}
