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
