package org.everpost.wire.mime;

import java.util.List;
import org.everpost.wire.mime.MimePart.Disposition;
import org.jspecify.annotations.Nullable;

/** What the MIME fields of one part say (RFC 2045), with the defaults for those that are absent. */
record PartHeader(
    ContentType type,
    @Nullable String contentId,
    @Nullable String description,
    String encoding,
    @Nullable String md5,
    @Nullable Disposition disposition,
    List<String> languages,
    @Nullable String location) {

  static final PartHeader OPAQUE = bare(ContentType.OPAQUE);

  private static PartHeader bare(ContentType type) {
    return new PartHeader(
        type, null, null, ContentTransferEncoding.DEFAULT, null, null, List.of(), null);
  }

  /**
   * Reads the collected fields; with some of them missing the part is opaque.
   *
   * @param assumed the type of a part that has no Content-Type
   */
  static PartHeader parse(HeaderCollector header, ContentType assumed) {
    byte[] b = header.octets();
    ContentType type = assumed;
    String contentId = null;
    String description = null;
    String encoding = ContentTransferEncoding.DEFAULT;
    String md5 = null;
    Disposition disposition = null;
    List<String> languages = List.of();
    String location = null;
    for (int i = 0; i < header.count(); i++) {
      int from = header.start(i);
      int to = header.end(i);
      switch (header.name(i)) {
        case CONTENT_TYPE -> type = ContentType.parse(b, from, to);
        case CONTENT_TRANSFER_ENCODING -> encoding = ContentTransferEncoding.parse(b, from, to);
        case CONTENT_DISPOSITION -> disposition = ContentDisposition.parse(b, from, to);
        case CONTENT_ID -> contentId = HeaderText.unfold(b, from, to);
        case CONTENT_DESCRIPTION -> description = HeaderText.unfold(b, from, to);
        case CONTENT_MD5 -> md5 = HeaderText.unfold(b, from, to);
        case CONTENT_LANGUAGE -> languages = ContentLanguage.parse(b, from, to);
        case CONTENT_LOCATION -> location = HeaderText.unfold(b, from, to);
        case DATE, SUBJECT, FROM, SENDER, REPLY_TO, TO, CC, BCC, IN_REPLY_TO, MESSAGE_ID -> {}
      }
    }
    return new PartHeader(
        header.isIncomplete() ? ContentType.OPAQUE : type,
        contentId,
        description,
        encoding,
        md5,
        disposition,
        languages,
        location);
  }

  PartHeader as(ContentType other) {
    return new PartHeader(
        other, contentId, description, encoding, md5, disposition, languages, location);
  }
}
