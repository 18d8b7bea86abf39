package org.everpost.core.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A type of records, and what is made of one. */
final class RecordKind<T> {

  static final RecordKind<MxRecord> MX = new RecordKind<>(Type.MX, RecordKind::mx);
  static final RecordKind<Inet4Address> A = new RecordKind<>(Type.A, RecordKind::a);
  static final RecordKind<Inet6Address> AAAA = new RecordKind<>(Type.AAAA, RecordKind::aaaa);
  static final RecordKind<String> TXT = new RecordKind<>(Type.TXT, RecordKind::txt);
  static final RecordKind<SrvRecord> SRV = new RecordKind<>(Type.SRV, RecordKind::srv);
  static final RecordKind<TlsaRecord> TLSA = new RecordKind<>(Type.TLSA, RecordKind::tlsa);
  static final RecordKind<DomainName> CNAME = new RecordKind<>(Type.CNAME, RecordKind::cname);
  static final RecordKind<DomainName> PTR = new RecordKind<>(Type.PTR, RecordKind::ptr);

  private final int type;
  private final Function<Record, @Nullable T> reader;

  private RecordKind(int type, Function<Record, @Nullable T> reader) {
    this.type = type;
    this.reader = reader;
  }

  /** Its number (RFC 1035 §3.2.2). */
  int type() {
    return type;
  }

  /** Null: nothing that can be used. */
  @Nullable T read(Record record) {
    return reader.apply(record);
  }

  private static @Nullable MxRecord mx(Record record) {
    if (!(record instanceof MXRecord mx)) {
      return null;
    }
    if (mx.getTarget().equals(Name.root)) {
      return new MxRecord(mx.getPriority(), null);
    }
    DomainName exchange = domainName(mx.getTarget());
    return exchange == null ? null : new MxRecord(mx.getPriority(), exchange);
  }

  private static @Nullable Inet4Address a(Record record) {
    return record instanceof ARecord a && a.getAddress() instanceof Inet4Address v4 ? v4 : null;
  }

  /** An IPv4 address in the clothes of an IPv6 one is none (RFC 4038 §4.2). */
  private static @Nullable Inet6Address aaaa(Record record) {
    return record instanceof AAAARecord aaaa && aaaa.getAddress() instanceof Inet6Address v6
        ? v6
        : null;
  }

  private static @Nullable String txt(Record record) {
    if (!(record instanceof TXTRecord txt)) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (Object part : txt.getStringsAsByteArrays()) {
      text.append(new String((byte[]) part, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  private static @Nullable SrvRecord srv(Record record) {
    if (!(record instanceof SRVRecord srv)) {
      return null;
    }
    DomainName target = domainName(srv.getTarget());
    return target == null && !srv.getTarget().equals(Name.root)
        ? null
        : new SrvRecord(srv.getPriority(), srv.getWeight(), srv.getPort(), target);
  }

  private static @Nullable TlsaRecord tlsa(Record record) {
    return record instanceof TLSARecord tlsa
        ? new TlsaRecord(
            tlsa.getCertificateUsage(),
            tlsa.getSelector(),
            tlsa.getMatchingType(),
            tlsa.getCertificateAssociationData())
        : null;
  }

  private static @Nullable DomainName cname(Record record) {
    return record instanceof CNAMERecord cname ? domainName(cname.getTarget()) : null;
  }

  private static @Nullable DomainName ptr(Record record) {
    return record instanceof PTRRecord ptr ? domainName(ptr.getTarget()) : null;
  }

  /** Null for the root, and for names with other characters than ours have. */
  static @Nullable DomainName domainName(Name name) {
    try {
      return DomainName.of(name.toString(true));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return Type.string(type);
  }
}
