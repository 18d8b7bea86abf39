package org.everpost.server.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocket;
import org.everpost.server.net.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SCRAM-SHA-256 and -PLUS over submission, the client's side made from RFC 5802. */
class ScramLoginTest {

  private final SmtpHouse house = new SmtpHouse();

  @AfterEach
  void close() {
    house.close();
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static String challenge(String reply) {
    assertThat(reply).startsWith("334 ");
    return new String(Base64.getDecoder().decode(reply.substring(4)), UTF_8);
  }

  /** Holds the dialogue up to the server's last word. */
  private static String login(
      SmtpClient client, String mechanism, String gs2, byte[] binding, String password)
      throws Exception {
    String bare = "n=alice@example.test,r=clientnonce";
    String first = base64((gs2 + bare).getBytes(UTF_8));
    String server = challenge(client.ask("AUTH " + mechanism + " " + first));
    String[] parts = server.split(",", -1);
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    PBEKeySpec spec =
        new PBEKeySpec(password.toCharArray(), salt, Integer.parseInt(parts[2].substring(2)), 256);
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    ByteArrayOutputStream channel = new ByteArrayOutputStream();
    channel.writeBytes(gs2.getBytes(UTF_8));
    channel.writeBytes(binding);
    String last = "c=" + base64(channel.toByteArray()) + "," + parts[0];
    String message = bare + "," + server + "," + last;
    byte[] key = hmac(salted, "Client Key");
    byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(key), message);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= key[i];
    }
    String reply = client.ask(base64((last + ",p=" + base64(proof)).getBytes(UTF_8)));
    if (!reply.startsWith("334 ")) {
      return reply;
    }
    String signature = base64(hmac(hmac(salted, "Server Key"), message));
    assertThat(challenge(reply)).isEqualTo("v=" + signature);
    return client.ask("");
  }

  @Test
  void withoutTls() throws Exception {
    try (SmtpClient client = house.connectFrom("127.0.0.2", Service.SUBMISSION)) {
      client.ask("EHLO c", "250-");
      assertThat(login(client, "SCRAM-SHA-256", "n,,", new byte[0], "wrong")).startsWith("535");
      assertThat(login(client, "SCRAM-SHA-256", "n,,", new byte[0], SmtpHouse.PASSWORD))
          .startsWith("235 2.7.0");
      client.mail("alice@example.test", "bob@example.test");
    }
  }

  @Test
  void boundToTheChannel() throws Exception {
    try (SmtpClient client = house.connect(Service.SUBMISSIONS)) {
      client.ask("EHLO c", "250-");
      byte[] certificate =
          ((SSLSocket) client.raw().socket()).getSession().getPeerCertificates()[0].getEncoded();
      byte[] binding = MessageDigest.getInstance("SHA-256").digest(certificate);
      String gs2 = "p=tls-server-end-point,,";
      assertThat(login(client, "SCRAM-SHA-256-PLUS", gs2, new byte[32], SmtpHouse.PASSWORD))
          .startsWith("535");
      assertThat(login(client, "SCRAM-SHA-256-PLUS", gs2, binding, SmtpHouse.PASSWORD))
          .startsWith("235 2.7.0");
    }
  }
}
