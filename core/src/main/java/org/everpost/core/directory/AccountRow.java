package org.everpost.core.directory;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.everpost.core.row.AddressField;
import org.everpost.core.row.Proto;
import org.everpost.wire.address.EmailAddress;
import org.everpost.wire.dsn.Language;
import org.everpost.wire.sasl.ScramCredentials;

/**
 * An account as stored.
 *
 * @param imported the password is still the one it was imported with; false once it was replaced,
 *     be it by its owner, the operator, or by being hashed anew at a login. From then on an import
 *     leaves it alone.
 * @param passwordChanges how often the password was changed; another stored form of the same
 *     password is no change
 */
record AccountRow(
    Account account,
    Instant created,
    StoredPassword password,
    boolean imported,
    int passwordChanges,
    AccountSettings settings)
    implements AddressRow {

  AccountRow {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(settings, "settings");
  }

  AccountRow with(Account changed) {
    return new AccountRow(changed, created, password, imported, passwordChanges, settings);
  }

  AccountRow with(AccountSettings changed) {
    return new AccountRow(account, created, password, imported, passwordChanges, changed);
  }

  /** With another stored form of the same password. */
  AccountRow upgraded(StoredPassword better) {
    return new AccountRow(account, created, better, false, passwordChanges, settings);
  }

  /** With another password. */
  AccountRow changed(StoredPassword another, boolean byImport) {
    return new AccountRow(account, created, another, byImport, passwordChanges + 1, settings);
  }

  AccountCredentials credentials() {
    return new AccountCredentials(account, password, passwordChanges);
  }

  /** Whether somebody who logged in with this grant may go on. */
  boolean honours(LoginGrant grant) {
    return account.id().equals(grant.account().id())
        && !account.disabled()
        && passwordChanges == grant.passwordChanges();
  }

  AccountDetails details() {
    return new AccountDetails(account, created, imported, password.scram() != null, settings);
  }

  @Override
  public byte[] encode() {
    return Proto.encode(out -> Proto.writeMessage(out, ACCOUNT_FIELD, this::writeTo));
  }

  private void writeTo(CodedOutputStream out) throws IOException {
    out.writeString(1, account.id().value());
    AddressField.write(out, 2, account.address());
    out.writeInt64(3, created.getEpochSecond());
    out.writeInt64(4, account.quota().octets());
    out.writeInt64(5, account.quota().messages());
    out.writeBool(6, account.disabled());
    out.writeString(7, password.hash());
    out.writeBool(8, imported);
    ScramCredentials scram = password.scram();
    if (scram != null) {
      Proto.writeMessage(
          out,
          9,
          inner -> {
            inner.writeByteArray(1, scram.salt());
            inner.writeInt32(2, scram.iterations());
            inner.writeByteArray(3, scram.storedKey());
            inner.writeByteArray(4, scram.serverKey());
          });
    }
    if (passwordChanges > 0) {
      out.writeInt32(10, passwordChanges);
    }
    if (settings.established()) {
      out.writeBool(11, true);
    }
    switch (settings.sending()) {
      case SendingShare.Usual _ -> {}
      case SendingShare.Percent(int percent) -> out.writeInt32(12, percent);
      case SendingShare.Unlimited _ -> out.writeBool(13, true);
    }
    Language language = settings.language();
    if (language != null) {
      out.writeString(14, language.tag());
    }
  }

  static AccountRow readFrom(CodedInputStream in) throws IOException {
    String id = "";
    EmailAddress address = null;
    long created = 0;
    long octets = 0;
    long messages = 0;
    boolean disabled = false;
    String hash = "";
    boolean imported = false;
    ScramCredentials scram = null;
    int passwordChanges = 0;
    boolean established = false;
    SendingShare sending = new SendingShare.Usual();
    Language language = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> id = in.readString();
        case 2 -> address = AddressField.read(in);
        case 3 -> created = in.readInt64();
        case 4 -> octets = in.readInt64();
        case 5 -> messages = in.readInt64();
        case 6 -> disabled = in.readBool();
        case 7 -> hash = in.readString();
        case 8 -> imported = in.readBool();
        case 9 -> scram = Proto.readMessage(in, AccountRow::readScram);
        case 10 -> passwordChanges = in.readInt32();
        case 11 -> established = in.readBool();
        case 12 -> sending = new SendingShare.Percent(in.readInt32());
        case 13 -> {
          if (in.readBool()) {
            sending = new SendingShare.Unlimited();
          }
        }
        case 14 -> language = Language.of(in.readString());
        default -> in.skipField(tag);
      }
    }
    Account account =
        new Account(
            new AccountId(id),
            Objects.requireNonNullElseGet(address, AccountRow::missingAddress),
            new Quota(octets, messages),
            disabled);
    return new AccountRow(
        account,
        Instant.ofEpochSecond(created),
        new StoredPassword(hash, scram),
        imported,
        passwordChanges,
        new AccountSettings(established, sending, language));
  }

  private static EmailAddress missingAddress() {
    throw new IllegalArgumentException("an account without an address");
  }

  private static ScramCredentials readScram(CodedInputStream in) throws IOException {
    byte[] salt = new byte[0];
    int iterations = 0;
    byte[] storedKey = new byte[0];
    byte[] serverKey = new byte[0];
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> salt = in.readByteArray();
        case 2 -> iterations = in.readInt32();
        case 3 -> storedKey = in.readByteArray();
        case 4 -> serverKey = in.readByteArray();
        default -> in.skipField(tag);
      }
    }
    return new ScramCredentials(salt, iterations, storedKey, serverKey);
  }
}
