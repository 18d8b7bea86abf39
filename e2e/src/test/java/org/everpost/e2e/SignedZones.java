package org.everpost.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A small domain name system of real programs: nsd serves {@code test.} with the zones below it,
 * signed by ldns-signzone; unbound is a recursive server that validates them.
 */
final class SignedZones implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";
  private static final String TOP = "test";
  private static final String ALGORITHM = "ECDSAP256SHA256";

  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, String> zones = new TreeMap<>();
  private final StringBuilder delegations = new StringBuilder();
  private final int authoritativePort;
  private final int recursivePort;

  SignedZones() throws IOException {
    this.directory = Files.createTempDirectory("everpost-dns");
    List<Integer> ports = Ports.free(2);
    this.authoritativePort = ports.getFirst();
    this.recursivePort = ports.getLast();
  }

  /** A zone with a secure delegation. */
  SignedZones signed(String apex, String records) throws IOException {
    delegate(apex).append(sign(apex, records));
    return this;
  }

  /** One that was changed after it was signed: a text replaced by another one. */
  SignedZones tampered(String apex, String records, String before, String after)
      throws IOException {
    signed(apex, records);
    zones.computeIfPresent(apex, (_, text) -> text.replace(before, after));
    return this;
  }

  /** A zone that is not signed, and known not to be. */
  SignedZones unsigned(String apex, String records) {
    zones.put(apex, zone(apex, records));
    delegate(apex);
    return this;
  }

  private StringBuilder delegate(String apex) {
    return delegations.append(apex).append(". IN NS ns.").append(apex).append(".\n");
  }

  private static String zone(String apex, String records) {
    return """
    $ORIGIN %s.
    $TTL 300
    @ IN SOA ns hostmaster 1 7200 3600 1209600 300
    @ IN NS ns
    ns IN A 127.0.0.1
    %s\
    """
        .formatted(apex, records);
  }

  /** Signs a zone and returns the DS record of its key. */
  private String sign(String apex, String records) throws IOException {
    Path file = Files.writeString(directory.resolve(apex + ".zone"), zone(apex, records));
    String key = run("ldns-keygen", "-a", ALGORITHM, "-k", "-r", "/dev/urandom", apex + ".");
    run("ldns-signzone", "-n", "-o", apex + ".", file.toString(), key);
    zones.put(apex, Files.readString(directory.resolve(apex + ".zone.signed")));
    return Files.readString(directory.resolve(key + ".ds"));
  }

  private String run(String... command) {
    return Tool.of(List.of(command)).in(directory).run().good().out().strip();
  }

  /** Starts both servers; they answer soon. */
  SignedZones start() throws IOException {
    String anchor = sign(TOP, delegations.toString());
    Files.writeString(directory.resolve("anchor"), anchor);
    for (Map.Entry<String, String> zone : zones.entrySet()) {
      Files.writeString(directory.resolve(zone.getKey() + ".served"), zone.getValue());
    }
    launch("nsd", nsd(), "-d", "-c");
    launch("unbound", unbound(), "-d", "-c");
    return this;
  }

  private String nsd() {
    return """
    server:
      ip-address: %1$s@%2$d
      username: ""
      zonesdir: "%3$s"
      xfrdir: "%3$s"
      zonelistfile: "%3$s/zone.list"
      xfrdfile: "%3$s/xfrd.state"
      pidfile: "%3$s/nsd.pid"
      database: ""
    remote-control:
      control-enable: no
    """
            .formatted(LOOPBACK, authoritativePort, directory)
        + zones.keySet().stream()
            .map(zone -> "zone:\n  name: \"%s\"\n  zonefile: \"%s.served\"\n".formatted(zone, zone))
            .collect(Collectors.joining());
  }

  private String unbound() {
    return """
    server:
      interface: %1$s@%2$d
      outgoing-interface: %1$s
      do-not-query-localhost: no
      do-ip6: no
      username: ""
      chroot: ""
      directory: "%3$s"
      pidfile: ""
      use-syslog: no
      logfile: ""
      num-threads: 1
      module-config: "validator iterator"
      trust-anchor-file: "%3$s/anchor"
      local-zone: "test." nodefault
      ede: yes
      val-log-level: 2
      infra-host-ttl: 1
    remote-control:
      control-enable: no
    """
            .formatted(LOOPBACK, recursivePort, directory)
        + zones.keySet().stream()
            .map(zone ->
                "stub-zone:\n  name: \"%s.\"\n  stub-addr: %s@%d\n"
                    .formatted(zone, LOOPBACK, authoritativePort))
            .collect(Collectors.joining());
  }

  private void launch(String program, String configuration, String... options) throws IOException {
    Path file = Files.writeString(directory.resolve(program + ".conf"), configuration);
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(options));
    command.add(file.toString());
    processes.add(
        Tool.start(
            Tool.of(command)
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(program + ".log").toFile())));
  }

  /** The one that validates. */
  InetSocketAddress recursive() {
    return new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), recursivePort);
  }

  /** The one that knows its zones and nothing else. */
  InetSocketAddress authoritative() {
    return new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), authoritativePort);
  }

  /** What the two programs said, for failures. */
  String log() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String program : List.of("nsd", "unbound")) {
      text.append(Files.readString(directory.resolve(program + ".log")));
    }
    return text.toString();
  }

  /** Ends the recursive server. */
  void stopRecursive() {
    stop(processes.getLast());
  }

  private static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    processes.forEach(SignedZones::stop);
    Tool.delete(directory);
  }
}
