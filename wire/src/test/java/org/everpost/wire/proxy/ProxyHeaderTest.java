package org.everpost.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Version 2 of the PROXY protocol, octet by octet. */
class ProxyHeaderTest {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /** From 192.0.2.1:4660 to 198.51.100.2:25. */
  private static final String IPV4 = "c0000201" + "c6336402" + "1234" + "0019";

  private static final String IPV6 =
      "20010db8000000000000000000000001" + "20010db8000000000000000000000002" + "ffff" + "0019";

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static ProxyHeader parse(String start, String rest) throws ProxyHeaderException {
    return ProxyHeader.parse(octets(start), octets(rest));
  }

  private static void assertRefused(String start, String rest, String why) {
    assertThatThrownBy(() -> parse(start, rest))
        .isInstanceOf(ProxyHeaderException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aClientByIpv4() throws ProxyHeaderException {
    ProxyHeader header = parse(SIGNATURE + "2111" + "000c", IPV4);
    assertThat(header.isLocal()).isFalse();
    assertThat(header.source()).isEqualTo(octets("c0000201"));
    assertThat(header.port()).isEqualTo(0x1234);
  }

  @Test
  void aClientByIpv6() throws ProxyHeaderException {
    ProxyHeader header = parse(SIGNATURE + "2121" + "0024", IPV6);
    assertThat(header.isLocal()).isFalse();
    assertThat(header.source()).isEqualTo(octets("20010db8000000000000000000000001"));
    assertThat(header.port()).isEqualTo(65_535);
  }

  @Test
  void aConnectionOfItsOwnHasNoClientWhateverItSaysOfIt() throws ProxyHeaderException {
    assertThat(parse(SIGNATURE + "2000" + "0000", "").isLocal()).isTrue();
    ProxyHeader header = parse(SIGNATURE + "2011" + "000c", IPV4);
    assertThat(header.isLocal()).isTrue();
    assertThat(header.source()).isEmpty();
    assertThat(header.port()).isZero();
  }

  @Test
  void additionsAreSkipped() throws ProxyHeaderException {
    ProxyHeader header = parse(SIGNATURE + "2111" + "0014", IPV4 + "03000400000000" + "ee");
    assertThat(header.source()).isEqualTo(octets("c0000201"));
    String most = IPV4 + "00".repeat(2048 - 12);
    assertThat(parse(SIGNATURE + "2111" + "0800", most).port()).isEqualTo(0x1234);
  }

  @Test
  void whatIsReadCannotBeChanged() throws ProxyHeaderException {
    ProxyHeader header = parse(SIGNATURE + "2111" + "000c", IPV4);
    Arrays.fill(header.source(), (byte) 9);
    assertThat(header.source()).isEqualTo(octets("c0000201"));
  }

  @Test
  void eachOctetOfTheSignatureCounts() {
    for (int i = 0; i < 12; i++) {
      byte[] start = octets(SIGNATURE + "2111" + "000c");
      start[i] ^= 1;
      assertThatThrownBy(() -> ProxyHeader.restOctets(start))
          .as("octet %d", i)
          .isInstanceOf(ProxyHeaderException.class);
      assertThatThrownBy(() -> ProxyHeader.parse(start, octets(IPV4)))
          .as("octet %d", i)
          .isInstanceOf(ProxyHeaderException.class);
    }
  }

  @Test
  void theStartHasSixteenOctets() {
    for (String start : new String[] {"", SIGNATURE + "211100", SIGNATURE + "2111000c00"}) {
      assertThatThrownBy(() -> ProxyHeader.restOctets(octets(start)))
          .isInstanceOf(ProxyHeaderException.class);
    }
  }

  @Test
  void versionOneIsNotUnderstood() {
    byte[] text = "PROXY TCP4 192.0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> ProxyHeader.restOctets(text))
        .isInstanceOf(ProxyHeaderException.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void otherVersionsAndCommandsAreRefused() {
    assertRefused(SIGNATURE + "1111" + "000c", IPV4, "not of version 2");
    assertRefused(SIGNATURE + "3111" + "000c", IPV4, "not of version 2");
    assertRefused(SIGNATURE + "2211" + "000c", IPV4, "neither LOCAL nor PROXY");
    assertRefused(SIGNATURE + "2f11" + "000c", IPV4, "neither LOCAL nor PROXY");
  }

  @Test
  void otherFamiliesAndTransportsAreRefused() {
    for (String family : new String[] {"00", "10", "12", "20", "22", "31", "32", "ff"}) {
      assertRefused(SIGNATURE + "21" + family + "0024", IPV6, "not of TCP over IPv4 or IPv6");
    }
  }

  @Test
  void addressesHaveToBeWhole() {
    assertRefused(SIGNATURE + "2111" + "0000", "", "too short");
    assertRefused(SIGNATURE + "2111" + "000b", IPV4.substring(2), "too short");
    assertRefused(SIGNATURE + "2121" + "000c", IPV4, "too short");
    assertRefused(SIGNATURE + "2121" + "0023", IPV6.substring(2), "too short");
  }

  @Test
  void theLengthIsBoundAndKept() {
    assertRefused(SIGNATURE + "2111" + "0801", "00".repeat(2049), "too long");
    assertRefused(SIGNATURE + "2111" + "ffff", "00".repeat(65_535), "too long");
    assertRefused(SIGNATURE + "2111" + "000d", IPV4, "length is wrong");
    assertRefused(SIGNATURE + "2111" + "000c", IPV4 + "00", "length is wrong");
  }
}
