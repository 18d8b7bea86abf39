package org.everpost.core.config;

/** What kind of value a key has. */
enum ConfigType {
  TEXT("a string"),
  PATH("a string with a path"),
  SIZE("a string with a size like \"50MB\""),
  INTEGER("a whole number"),
  FLAG("true or false"),
  ADDRESSES("a list of \"address:port\""),
  IP_ADDRESSES("a list of strings with IP addresses"),
  NETWORKS("a list of strings with IP addresses or networks like \"192.0.2.0/24\""),
  DNS_LISTS(
      "a list of strings with domains, each perhaps with its weight like \"bl.example.org=2\""),
  DOMAINS("a list of strings with domains"),
  MAIL_ADDRESSES("a list of strings with mail addresses"),
  DURATION("a string with a duration and its unit, like \"5m\""),
  ROUTES("a table of \"domain\" = \"host:port\"");

  private final String words;

  ConfigType(String words) {
    this.words = words;
  }

  /** As it goes into an error and the reference page. */
  String words() {
    return words;
  }
}
