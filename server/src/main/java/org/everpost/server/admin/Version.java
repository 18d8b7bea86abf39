package org.everpost.server.admin;

/** Which Everpost this is. */
public final class Version {

  public static final String TEXT = read();

  private Version() {}

  /** From the jar's manifest; classes without a jar are a build of the moment. */
  private static String read() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
