package org.everpost.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.OptionsMap;
import com.datastax.oss.driver.api.core.config.TypedDriverOption;
import java.time.Duration;
import java.util.List;

/** How the driver is set up: from here alone, no file on the class path has a say. */
final class Driver {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private Driver() {}

  static CqlSession connect(CassandraOptions options) {
    return CqlSession.builder()
        .withConfigLoader(DriverConfigLoader.fromMap(settings(options)))
        .addContactPoints(options.contactPoints())
        .withLocalDatacenter(options.datacenter())
        .build();
  }

  private static OptionsMap settings(CassandraOptions options) {
    OptionsMap map = OptionsMap.driverDefaults();
    map.put(TypedDriverOption.SESSION_NAME, options.keyspace());
    map.put(TypedDriverOption.PROTOCOL_VERSION, "V5");
    map.put(TypedDriverOption.CONNECTION_MAX_REQUESTS, options.maxInFlight() * 2);
    map.put(TypedDriverOption.CONNECTION_CONNECT_TIMEOUT, CONNECT_LIMIT);
    map.put(TypedDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, CONNECT_LIMIT);
    map.put(TypedDriverOption.CONNECTION_SET_KEYSPACE_TIMEOUT, CONNECT_LIMIT);
    map.put(TypedDriverOption.CONTROL_CONNECTION_TIMEOUT, CONNECT_LIMIT);
    map.put(TypedDriverOption.CONNECTION_WARN_INIT_ERROR, false);
    map.put(TypedDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(10));
    map.put(TypedDriverOption.HEARTBEAT_TIMEOUT, Duration.ofSeconds(5));
    // A node that was restarted is used again soon.
    map.put(TypedDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(250));
    map.put(TypedDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5));
    map.put(TypedDriverOption.RECONNECT_ON_INIT, false);
    // A node that hangs costs a read a second, not its time limit.
    map.put(
        TypedDriverOption.SPECULATIVE_EXECUTION_POLICY_CLASS, "ConstantSpeculativeExecutionPolicy");
    map.put(TypedDriverOption.SPECULATIVE_EXECUTION_MAX, 2);
    map.put(TypedDriverOption.SPECULATIVE_EXECUTION_DELAY, Duration.ofSeconds(1));
    map.put(TypedDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, CONNECT_LIMIT);
    map.put(
        TypedDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES,
        List.of(options.keyspace(), Schema.hintsKeyspace(options)));
    map.put(TypedDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(20));
    map.put(TypedDriverOption.CONTROL_CONNECTION_AGREEMENT_INTERVAL, Duration.ofMillis(50));
    map.put(TypedDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false);
    map.put(TypedDriverOption.REQUEST_LOG_WARNINGS, false);
    map.put(TypedDriverOption.TIMESTAMP_GENERATOR_FORCE_JAVA_CLOCK, true);
    map.put(TypedDriverOption.MONITOR_REPORTING_ENABLED, false);
    // Shutting down must not take longer than what waits for it.
    map.put(TypedDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0);
    map.put(TypedDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0);
    map.put(TypedDriverOption.NETTY_DAEMON, true);
    return map;
  }
}
