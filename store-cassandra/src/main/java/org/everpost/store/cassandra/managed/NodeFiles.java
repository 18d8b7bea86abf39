package org.everpost.store.cassandra.managed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration of a node: its files and its command line. Written anew at each start. */
final class NodeFiles {

  /** Packages that Cassandra 5.0 reaches into, as {@code module/package}. */
  private static final List<String> EXPORTS =
      List.of(
          "java.base/java.lang.ref",
          "java.base/jdk.internal.misc",
          "java.management.rmi/com.sun.jmx.remote.internal.rmi",
          "java.rmi/sun.rmi.registry",
          "java.rmi/sun.rmi.server",
          "java.sql/java.sql",
          "jdk.unsupported/sun.misc");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.io",
          "java.base/java.lang",
          "java.base/java.lang.module",
          "java.base/java.lang.reflect",
          "java.base/java.util",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.math",
          "java.base/jdk.internal.module",
          "java.base/jdk.internal.ref",
          "java.base/jdk.internal.reflect",
          "java.base/jdk.internal.util.jar",
          "java.base/sun.nio.ch",
          "jdk.management/com.sun.management.internal");

  /** What Cassandra says of damage that is not at the end of the log. */
  private static final String DAMAGED = "Ignoring commit log replay error: ";

  private static final int SMALLEST_HEAP_MEGABYTES = 512;
  private static final int LARGEST_HEAP_MEGABYTES = 1024;

  private final ManagedOptions options;
  private final Path directory;

  NodeFiles(ManagedOptions options) {
    this.options = options;
    this.directory = options.data().toAbsolutePath();
  }

  Path lockFile() {
    return directory.resolve("lock");
  }

  Path pidFile() {
    return directory.resolve("pid");
  }

  Path commitLog() {
    return directory.resolve("storage").resolve("commitlog");
  }

  /** What the process prints before and beside its log. */
  Path outputFile() {
    return directory.resolve("log").resolve("output.log");
  }

  /** What was wrong with the commit log when the node came up. */
  private Path replayFile() {
    return directory.resolve("log").resolve("replay.log");
  }

  /** How much may be written. */
  long freeOctets() throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    return Files.isDirectory(commitLog())
        ? Math.min(free, Files.getFileStore(commitLog()).getUsableSpace())
        : free;
  }

  /** What was damaged in the commit log when the node came up, and left out. */
  List<String> damage() throws IOException {
    if (!Files.exists(replayFile())) {
      return List.of(); // it did not come so far
    }
    // Any octets: an exception in the middle of them would be unchecked.
    try (Stream<String> lines = Files.lines(replayFile(), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(DAMAGED))
          .map(line -> line.substring(DAMAGED.length()))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  void write() throws IOException {
    for (String name : List.of("conf", "log", "tmp", "storage")) {
      Files.createDirectories(directory.resolve(name));
    }
    Files.deleteIfExists(replayFile());
    Path conf = directory.resolve("conf");
    Files.writeString(conf.resolve("cassandra.yaml"), yaml());
    Files.writeString(conf.resolve("logback.xml"), logback());
    Files.writeString(
        conf.resolve("cassandra-rackdc.properties"),
        "dc=" + options.datacenter() + "\nrack=rack1\n");
  }

  /** The command line of the child, {@code totalMegabytes} being the machine's memory. */
  List<String> command(Path java, long totalMegabytes) {
    Path home = options.home().toAbsolutePath();
    Path conf = directory.resolve("conf");
    long heap = heapMegabytes(totalMegabytes);
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(List.of("-Xms" + heap + "m", "-Xmx" + heap + "m", "-Xss512k"));
    command.add("-XX:MaxDirectMemorySize=" + heap / 2 + "m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:+PerfDisableSharedMem");
    command.add("-XX:-UsePerfData");
    if (options.throwaway()) {
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    } else {
      command.addAll(List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=100"));
    }
    EXPORTS.forEach(name -> command.add("--add-exports=" + name + "=ALL-UNNAMED"));
    OPENS.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    command.add("-javaagent:" + home.resolve("lib").resolve("jamm-0.4.0.jar"));
    command.add("-Djdk.attach.allowAttachSelf=true");
    command.add("-Djava.net.preferIPv4Stack=true");
    command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
    command.add("-Djna.tmpdir=" + directory.resolve("tmp"));
    command.add("-Dio.netty.native.workdir=" + directory.resolve("tmp"));
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    command.add("-Dlogback.configurationFile=" + conf.resolve("logback.xml"));
    command.add("-Dcassandra.config=" + conf.resolve("cassandra.yaml").toUri());
    command.add("-Dcassandra.storagedir=" + directory.resolve("storage"));
    command.add("-Dcassandra.logdir=" + directory.resolve("log"));
    command.add("-Dcassandra-foreground=yes");
    command.add("-Dcassandra.commitlog.ignorereplayerrors=true");
    if (options.throwaway() || alone()) {
      command.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
      command.add("-Dcassandra.ring_delay_ms=1000");
      command.add("-Dcassandra.shutdown_announce_in_ms=0");
    }
    command.add("-cp");
    command.add(conf + ":" + home.resolve("classes") + ":" + home.resolve("lib") + "/*");
    command.add("org.everpost.cassandra.child.CassandraChild");
    return command;
  }

  private boolean alone() {
    return options.seeds().equals(List.of(options.address()));
  }

  private long heapMegabytes(long totalMegabytes) {
    return options.heapMegabytes() > 0
        ? options.heapMegabytes()
        : Math.clamp(totalMegabytes / 8, SMALLEST_HEAP_MEGABYTES, LARGEST_HEAP_MEGABYTES);
  }

  /**
   * A commit is acknowledged only when it is on disk, hence {@code commitlog_sync: group}. A node
   * whose disk fails stops serving (the supervisor starts it again) instead of going on without
   * what it cannot write. What misses a node that is down reaches it as hints for a day. Without
   * the dynamic snitch a node that needs one copy reads its own: so copies can be told apart.
   */
  private String yaml() {
    String seeds =
        options.seeds().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(","));
    return """
    cluster_name: %s
    num_tokens: 16
    partitioner: org.apache.cassandra.dht.Murmur3Partitioner
    endpoint_snitch: GossipingPropertyFileSnitch
    dynamic_snitch: false
    seed_provider:
      - class_name: org.apache.cassandra.locator.SimpleSeedProvider
        parameters:
          - seeds: "%s"
    listen_address: %s
    rpc_address: %s
    storage_port: %d
    native_transport_port: %d
    authenticator: AllowAllAuthenticator
    authorizer: AllowAllAuthorizer

    commitlog_sync: group
    commitlog_sync_group_window: 5ms
    commitlog_segment_size: 32MiB
    commitlog_total_space: 1GiB
    disk_failure_policy: stop
    commit_failure_policy: die
    data_disk_usage_percentage_warn_threshold: 90
    data_disk_usage_percentage_fail_threshold: 97

    paxos_variant: v2
    storage_compatibility_mode: NONE
    uuid_sstable_identifiers_enabled: true
    sstable:
      selected_format: bti
    memtable:
      configurations:
        trie:
          class_name: TrieMemtable
        default:
          inherits: trie
    memtable_allocation_type: offheap_objects
    memtable_heap_space: 64MiB
    memtable_offheap_space: 128MiB

    concurrent_reads: 16
    concurrent_writes: 32
    native_transport_max_threads: 64
    concurrent_compactors: 1
    row_cache_size: 0MiB
    counter_cache_size: 0MiB
    file_cache_size: 64MiB
    auto_snapshot: false

    batch_size_warn_threshold: 8MiB
    batch_size_fail_threshold: 16MiB
    native_transport_max_frame_size: 32MiB

    tombstone_warn_threshold: 100000
    tombstone_failure_threshold: 10000000

    hinted_handoff_enabled: true
    max_hint_window: 24h
    max_hints_size_per_host: 1GiB

    read_request_timeout: 3s
    range_request_timeout: 10s
    write_request_timeout: 3s
    cas_contention_timeout: 2s
    request_timeout: 10s
    """
        .formatted(
            options.clusterName(),
            seeds,
            options.address().getHostAddress(),
            options.address().getHostAddress(),
            options.storagePort(),
            options.nativePort());
  }

  private static String logback() {
    return """
    <configuration>
      <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
        <file>${cassandra.logdir}/system.log</file>
        <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
          <fileNamePattern>${cassandra.logdir}/system.log.%i</fileNamePattern>
          <minIndex>1</minIndex>
          <maxIndex>4</maxIndex>
        </rollingPolicy>
        <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
          <maxFileSize>16MB</maxFileSize>
        </triggeringPolicy>
        <encoder>
          <pattern>%date{ISO8601} %-5level [%thread] %logger{0} %msg%n</pattern>
        </encoder>
      </appender>
      <appender name="REPLAY" class="ch.qos.logback.core.FileAppender">
        <file>${cassandra.logdir}/replay.log</file>
        <append>false</append>
        <filter class="ch.qos.logback.classic.filter.ThresholdFilter">
          <level>ERROR</level>
        </filter>
        <encoder>
          <pattern>%msg: %ex{short}%n</pattern>
        </encoder>
      </appender>
      <logger name="org.apache.cassandra.db.commitlog.CommitLogReplayer">
        <appender-ref ref="REPLAY"/>
      </logger>
      <root level="INFO">
        <appender-ref ref="FILE"/>
      </root>
    </configuration>
    """;
  }
}
