package org.everpost.server.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.everpost.core.event.EventSink;
import org.everpost.core.event.Reason;
import org.everpost.core.event.ServerEvent;
import org.everpost.core.time.Clock;
import org.everpost.core.time.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * The certificate files: read at the start, read again whenever they change, and made if there are
 * none. What cannot be used is reported and changes nothing.
 */
public final class Certificates implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path certificate;
  private final Path key;
  private final Clock clock;
  private final EventSink events;
  private final TlsContext context;
  private final Thread watcher;
  private Stamp seen;

  /** What tells a changed file: when it was written and how long it is. */
  private record Stamp(String certificate, String key) {
    static Stamp of(Path certificate, Path key) {
      return new Stamp(of(certificate), of(key));
    }

    private static String of(Path file) {
      try {
        FileTime written = Files.getLastModifiedTime(file);
        return written.to(java.util.concurrent.TimeUnit.NANOSECONDS) + "/" + Files.size(file);
      } catch (IOException e) {
        return "absent";
      }
    }
  }

  private Certificates(Path certificate, Path key, Clock clock, EventSink events)
      throws CertificateFileException {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
    this.events = events;
    this.seen = Stamp.of(certificate, key);
    this.context = new TlsContext(load());
    this.watcher = Thread.ofVirtual().name("certificate-watcher").start(this::watch);
  }

  /**
   * Reads the files of the operator.
   *
   * @throws CertificateFileException if they cannot be used
   */
  public static Certificates of(Path certificate, Path key, Clock clock, EventSink events)
      throws CertificateFileException {
    return new Certificates(
        Objects.requireNonNull(certificate, "certificate"),
        Objects.requireNonNull(key, "key"),
        clock,
        events);
  }

  /**
   * Whether a server could start with them.
   *
   * @throws CertificateFileException if they cannot be used
   */
  public static void check(Path certificate, Path key) throws CertificateFileException {
    sslContext(certificate, Pem.read(certificate, key));
  }

  /**
   * Reads the self-signed certificate in the data directory, which is made if it is not there. The
   * operator may replace it by a better one at any time.
   *
   * @throws IOException if it cannot be written or read
   */
  public static Certificates selfSigned(
      Path data, String hostname, Clock clock, RandomSource random, EventSink events)
      throws IOException {
    Path directory = Files.createDirectories(data.resolve("tls"));
    Path certificate = directory.resolve("certificate.pem");
    Path key = directory.resolve("key.pem");
    if (!Files.exists(certificate) || !Files.exists(key)) {
      CertifiedKey made = SelfSigned.make(hostname, clock.instant(), random);
      write(key, Pem.block("PRIVATE KEY", made.key().getEncoded()));
      try {
        write(certificate, Pem.block("CERTIFICATE", made.certificate().getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return new Certificates(certificate, key, clock, events);
  }

  /** Never half a file under its name, and never readable by others. */
  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft, OWNER_ONLY);
    Files.writeString(draft, text, StandardOpenOption.WRITE);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** TLS with the certificate as it is at any moment. */
  public TlsContext context() {
    return context;
  }

  private SSLContext load() throws CertificateFileException {
    CertifiedKey pair = Pem.read(certificate, key);
    SSLContext loaded = sslContext(certificate, pair);
    events.accept(
        new ServerEvent.CertificateLoaded(
            certificate.toString(),
            pair.certificate().getSubjectX500Principal().getName(),
            pair.certificate().getNotAfter().toInstant()));
    return loaded;
  }

  private static SSLContext sslContext(Path certificate, CertifiedKey pair)
      throws CertificateFileException {
    try {
      return pair.sslContext();
    } catch (GeneralSecurityException e) {
      throw new CertificateFileException(certificate, "cannot be used: " + Reason.of(e));
    }
  }

  private void watch() {
    try {
      while (true) {
        clock.sleep(INTERVAL);
        String problem = reloadIfChanged();
        if (problem != null) {
          events.accept(new ServerEvent.CertificateRejected(problem));
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Looks once; says what is wrong with changed files, or null. */
  @Nullable String reloadIfChanged() {
    Stamp now = Stamp.of(certificate, key);
    synchronized (this) {
      if (now.equals(seen)) {
        return null;
      }
      // Remembered even if they are bad: one complaint a change, and the next change is tried.
      seen = now;
    }
    try {
      context.exchange(load());
      return null;
    } catch (CertificateFileException e) {
      return e.getMessage();
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
