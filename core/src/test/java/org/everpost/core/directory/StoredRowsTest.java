package org.everpost.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.everpost.core.row.AddressField;
import org.everpost.core.row.Proto;
import org.everpost.wire.address.DomainName;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dkim.DkimAlgorithm;
import org.everpost.wire.dsn.Language;
import org.everpost.wire.sasl.ScramCredentials;
import org.junit.jupiter.api.Test;

/** What is stored can be read: by this release as the releases before it wrote it. */
class StoredRowsTest {

  private static final HexFormat HEX = HexFormat.of();

  private static final AccountRow ACCOUNT =
      new AccountRow(
          new Account(
              new AccountId("abcdefghijklmnopqrstuvwxyz"),
              EmailAddress.of("Jörg@example.test"),
              new Quota(5_000_000_000L, 7),
              true),
          Instant.ofEpochSecond(1_800_000_000),
          new StoredPassword(
              "$1$hash", new ScramCredentials(new byte[8], 4_096, new byte[32], new byte[32])),
          true,
          0,
          AccountSettings.NEW);

  private static final AliasRow ALIAS =
      new AliasRow(
          EmailAddress.of("a@example.test"),
          List.of(EmailAddress.of("b@example.test"), EmailAddress.of("c@elsewhere.test")));

  private static void roundTrip(AddressRow row) {
    assertThat(AddressRow.decode(row.encode())).isEqualTo(row);
  }

  @Test
  void whatIsWrittenIsRead() {
    roundTrip(ACCOUNT);
    roundTrip(ACCOUNT.upgraded(new StoredPassword("$2$x", null)));
    roundTrip(ACCOUNT.changed(new StoredPassword("$2$x", null), false));
    roundTrip(ACCOUNT.with(AccountSettings.IMPORTED));
    roundTrip(
        ACCOUNT.with(new AccountSettings(false, new SendingShare.Percent(250), Language.GERMAN)));
    roundTrip(
        ACCOUNT.with(new AccountSettings(false, new SendingShare.Unlimited(), Language.ENGLISH)));
    roundTrip(ALIAS);
    roundTrip(new AliasRow(null, List.of()));
    DomainRow domain = new DomainRow(Instant.ofEpochSecond(5), "ä");
    assertThat(DomainRow.decode(domain.encode())).isEqualTo(domain);
    ListedDomainRow listed = new ListedDomainRow(1_800_000_000_123L, -5);
    assertThat(ListedDomainRow.decode(listed.encode())).isEqualTo(listed);
  }

  /** Written by 0.1. If this fails, the stored form has changed: keep reading the old one. */
  @Test
  void rowsOfRelease01() {
    assertThat(HEX.formatHex(ACCOUNT.encode())).isEqualTo(ACCOUNT_01);
    assertThat(HEX.formatHex(ALIAS.encode())).isEqualTo(ALIAS_01);
    assertThat(AddressRow.decode(HEX.parseHex(ACCOUNT_01))).isEqualTo(ACCOUNT);
    assertThat(AddressRow.decode(HEX.parseHex(ALIAS_01))).isEqualTo(ALIAS);
    assertThat(HEX.formatHex(AddressRow.key("jörg"))).isEqualTo("026ac3b67267");
    assertThat(HEX.formatHex(AddressRow.key(AddressRow.CATCH_ALL))).isEqualTo("03");
    assertThat(HEX.formatHex(DomainRow.key())).isEqualTo("01");
    assertThat(HEX.formatHex(ListedDomainRow.key(DomainName.of("a.test"))))
        .isEqualTo("01612e74657374");
  }

  @Test
  void keysOfRelease01() {
    Instant created = Instant.ofEpochSecond(1_800_000_000);
    DkimKeyRow key =
        new DkimKeyRow(
            DkimAlgorithm.ED25519_SHA256,
            new byte[] {1, 2},
            new byte[] {3, 4},
            created,
            created.plusSeconds(5),
            null,
            false);
    assertThat(HEX.formatHex(key.encode())).isEqualTo(KEY_01);
    assertThat(HEX.formatHex(DkimKeyRow.decode(HEX.parseHex(KEY_01)).encode())).isEqualTo(KEY_01);
    byte[] retired = key.retired(created.plusSeconds(6)).encode();
    assertThat(HEX.formatHex(retired))
        .isEqualTo("0802120201022080a4a7da062885a4a7da063086a4a7da06");
    assertThat(HEX.formatHex(DkimKeyRow.decode(retired).encode()))
        .isEqualTo(HEX.formatHex(retired));
    byte[] deleted = key.deleted(created.plusSeconds(6)).encode();
    assertThat(HEX.formatHex(deleted))
        .isEqualTo("0802120201022080a4a7da062885a4a7da063086a4a7da063801");
    assertThat(HEX.formatHex(DkimKeyRow.decode(deleted).encode()))
        .isEqualTo(HEX.formatHex(deleted));
    assertThat(HEX.formatHex(DkimKeyRow.key(DomainName.of("ep1")))).isEqualTo("05657031");
  }

  static final String KEY_01 = "0802120201021a0203042080a4a7da062885a4a7da06";

  static final String ACCOUNT_01 =
      "0aa1010a1a6162636465666768696a6b6c6d6e6f707172737475767778797a12150a05"
          + "4ac3b67267120c6578616d706c652e746573741880a4a7da062080e497d01228073001"
          + "3a072431246861736840014a510a0800000000000000001080201a2000000000000000"
          + "0000000000000000000000000000000000000000000000000022200000000000000000"
          + "000000000000000000000000000000000000000000000000";

  static final String ALIAS_01 =
      "123b0a110a0161120c6578616d706c652e7465737412110a0162120c6578616d706c65"
          + "2e7465737412130a0163120e656c736577686572652e74657374";

  @Test
  void fieldsOfALaterReleaseAreSkipped() {
    byte[] later =
        Proto.encode(out -> {
          writeUnknown(out);
          out.writeByteArray(
              AddressRow.ALIAS_FIELD,
              Proto.encode(inner -> {
                writeUnknown(inner);
                AddressField.write(inner, 2, EmailAddress.of("b@example.test"));
                writeUnknown(inner);
              }));
        });
    assertThat(AddressRow.decode(later))
        .isEqualTo(new AliasRow(null, List.of(EmailAddress.of("b@example.test"))));
  }

  private static void writeUnknown(CodedOutputStream out) throws IOException {
    out.writeString(99, "later");
    out.writeInt64(100, 5);
    out.writeFixed64(101, 6);
  }

  @Test
  void aDamagedRowIsNotTakenForAnother() {
    assertThatIllegalStateException().isThrownBy(() -> AddressRow.decode(new byte[] {9, 9}));
    assertThatIllegalStateException().isThrownBy(() -> AddressRow.decode(new byte[0]));
    byte[] cut = ACCOUNT.encode();
    assertThatIllegalStateException()
        .isThrownBy(() -> AddressRow.decode(Arrays.copyOf(cut, cut.length - 3)));
  }
}
