package org.everpost.testkit.dns;

/** A way in which a name server does not do what it should. */
public enum Fault {
  /** It says that it cannot. */
  SERVFAIL,
  /** It says that it does not want to. */
  REFUSED,
  /** It says nothing. */
  SILENT,
  /** By UDP it says no more than that TCP should be used; by TCP it answers. */
  TRUNCATED,
  /** The same, but by TCP it hangs up. */
  TRUNCATED_WITHOUT_TCP,
  /** The same, but by TCP it takes a tenth of a second for every octet. */
  TRUNCATED_THEN_DRIPPING,
  /** The answer is to a query with another id. */
  WRONG_ID,
  /** The answer is to another question. */
  WRONG_QUESTION,
  /** What comes is a query itself. */
  NOT_A_RESPONSE,
  /** The right answer, preceded by three that are not: as of somebody who guesses ids. */
  FORGERIES_FIRST,
  /** The answer is cut off in the middle of a record, without saying so. */
  CUT_OFF,
  /** Octets without a meaning. */
  GARBAGE,
  /** Of a chain of aliases only the first is told. */
  ONE_ALIAS_A_TIME,
  /** Each name is an alias of another one below it that has not been asked for yet. */
  ENDLESS_ALIASES,
  /** The name is an alias of itself. */
  ALIAS_OF_ITSELF,
  /** The right answer, and with it records of names nobody asked for, in every section. */
  FOREIGN_RECORDS,
  /** It knows whom to ask, but does not (it is no recursive server). */
  REFERRAL
}
