package org.everpost.core.dns;

import java.util.concurrent.atomic.LongAdder;

/** Counts what the resolver does. Safe for any number of threads. */
final class DnsMeters {

  final LongAdder lookups = new LongAdder();
  final LongAdder cacheHits = new LongAdder();
  final LongAdder coalesced = new LongAdder();
  final LongAdder prefetches = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder failures = new LongAdder();
}
