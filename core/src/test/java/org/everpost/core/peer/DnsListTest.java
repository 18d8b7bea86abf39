package org.everpost.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.everpost.wire.address.DomainName;
import org.junit.jupiter.api.Test;

/** Lists asked by DNS, as they are configured. */
class DnsListTest {

  @Test
  void aListCountsOnceOrAsOftenAsItSays() {
    assertThat(DnsList.of("zen.example.org"))
        .isEqualTo(new DnsList(DomainName.of("zen.example.org"), 1));
    assertThat(DnsList.of("zen.example.org=3").weight()).isEqualTo(3);
    assertThat(DnsList.of("zen.example.org = 100"))
        .isEqualTo(new DnsList(DomainName.of("zen.example.org"), 100));
  }

  @Test
  void whatIsReadIsWrittenTheSame() {
    for (String text : new String[] {"zen.example.org", "zen.example.org=2"}) {
      assertThat(DnsList.of(text)).hasToString(text);
    }
  }

  @Test
  void otherTextIsRefused() {
    for (String text :
        new String[] {
          "",
          "=1",
          "zen.example.org=",
          "zen.example.org=x",
          "zen.example.org=0",
          "zen.example.org=-1",
          "zen.example.org=101",
          "zen.example.org=1=1",
          "no zone"
        }) {
      assertThatThrownBy(() -> DnsList.of(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
