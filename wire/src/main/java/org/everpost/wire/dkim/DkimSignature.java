package org.everpost.wire.dkim;

import java.util.List;
import java.util.Locale;
import org.everpost.wire.address.DomainName;
import org.jspecify.annotations.Nullable;

/**
 * A DKIM-Signature field (RFC 6376 §3.5).
 *
 * @param domain {@code d=}: who signed
 * @param identity {@code i=}, at or below {@code domain}; as it is written
 * @param fields {@code h=}, in lower case
 * @param bodyLength {@code l=}; {@link #NONE} if not given
 * @param signedAt {@code t=}, seconds; {@link #NONE} if not given
 * @param expires {@code x=}, seconds; {@link #NONE} if not given
 */
@SuppressWarnings("ArrayRecordComponent") // compared with nothing
public record DkimSignature(
    DkimAlgorithm algorithm,
    Canonicalization header,
    Canonicalization body,
    DomainName domain,
    DomainName selector,
    String identity,
    List<String> fields,
    byte[] bodyHash,
    byte[] signature,
    long bodyLength,
    long signedAt,
    long expires) {

  public static final long NONE = -1;

  private static final int MAX_FIELDS = 200;

  public DkimSignature {
    fields = List.copyOf(fields);
  }

  /** Where its key is published (RFC 6376 §3.6.2.1). */
  public DomainName keyName() {
    return new DomainName(selector + "._domainkey." + domain);
  }

  /**
   * Parses the body of a field (RFC 6376 §6.1.1).
   *
   * @throws DkimSyntaxException if it is none that can be verified
   */
  static DkimSignature parse(String value) throws DkimSyntaxException {
    TagList tags = TagList.parse(value);
    if (!tags.required("v").equals("1")) {
      throw new DkimSyntaxException("a signature of another version");
    }
    tags.required("b");
    tags.required("bh");
    String a = tags.required("a");
    DkimAlgorithm algorithm = DkimAlgorithm.of(a.toLowerCase(Locale.ROOT));
    if (algorithm == null) {
      throw new DkimSyntaxException(
          a.equalsIgnoreCase("rsa-sha1") ? "rsa-sha1 is not trusted" : "an unknown algorithm");
    }
    DomainName domain = domain(tags.required("d"));
    DomainName selector = domain(tags.required("s"));
    if (domain.below(selector + "._domainkey") == null) {
      throw new DkimSyntaxException("not a domain name");
    }
    String identity = tags.value("i");
    if (identity != null) {
      requireBelow(identity, domain);
    }
    if (!tags.words("q", "dns/txt").contains("dns/txt")) {
      throw new DkimSyntaxException("an unknown way to ask for the key");
    }
    List<String> fields = tags.words("h", tags.required("h"));
    if (!fields.contains("from") || fields.contains("") || fields.size() > MAX_FIELDS) {
      throw new DkimSyntaxException("From is not signed, or not only fields are");
    }
    long signedAt = tags.number("t");
    long expires = tags.number("x");
    if (expires >= 0 && signedAt > expires) {
      throw new DkimSyntaxException("a signature that expired before it was made");
    }
    String[] c = tags.words("c", "simple/simple").getFirst().split("/", 2);
    return new DkimSignature(
        algorithm,
        canonicalization(c[0]),
        canonicalization(c.length == 2 ? c[1] : "simple"),
        domain,
        selector,
        identity == null ? "@" + domain : identity,
        fields,
        tags.base64("bh"),
        tags.base64("b"),
        tags.number("l"),
        signedAt,
        expires);
  }

  private static Canonicalization canonicalization(String tag) throws DkimSyntaxException {
    @Nullable Canonicalization c = Canonicalization.of(tag);
    if (c == null) {
      throw new DkimSyntaxException("an unknown canonicalization");
    }
    return c;
  }

  /** RFC 8616 §4: also U-labels. */
  private static DomainName domain(String text) throws DkimSyntaxException {
    try {
      return DomainName.of(text);
    } catch (IllegalArgumentException e) {
      throw new DkimSyntaxException("not a domain name");
    }
  }

  private static void requireBelow(String identity, DomainName domain) throws DkimSyntaxException {
    String ascii = domain(identity.substring(identity.lastIndexOf('@') + 1)).ascii();
    if (identity.indexOf('@') < 0
        || !(ascii.equals(domain.ascii()) || ascii.endsWith("." + domain.ascii()))) {
      throw new DkimSyntaxException("the identity is not of the signing domain");
    }
  }

  /** Whether the identity is of the domain itself and not of one below (t=s of the key). */
  boolean isIdentityOfDomain() {
    try {
      return domain(identity.substring(identity.lastIndexOf('@') + 1)).equals(domain);
    } catch (DkimSyntaxException e) {
      return false;
    }
  }
}
