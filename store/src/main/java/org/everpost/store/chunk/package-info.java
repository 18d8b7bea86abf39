/**
 * <b>Purpose:</b> the stored form of a blob, the same in every engine: chunks of 64 KiB, each
 * compressed and with a checksum.
 *
 * <p><b>Map:</b> {@link org.everpost.store.chunk.ChunkCodec} turns one chunk into its stored form
 * and back; {@link org.everpost.store.chunk.ChunkSplitter} cuts a stream into chunks; {@link
 * org.everpost.store.chunk.ChunkInputStream} reads a range of them as a stream. An engine adds only
 * where a chunk lies.
 *
 * <p><b>Rules:</b> the checksum covers the raw bytes, the blob's id, the chunk's number and whether
 * it is the last: chunks that were swapped, cut off or left out are noticed like flipped bits.
 * Memory for each call under way: one raw chunk and one stored chunk, whatever the blob's size.
 *
 * <p><b>Threads:</b> one {@code ChunkCodec} serves any number of threads; the others belong to one.
 *
 * <p><b>Failures:</b> {@link org.everpost.store.BlobDamagedException} and {@link
 * org.everpost.store.BlobMissingException} when reading; when writing, what the source throws.
 */
@NullMarked
package org.everpost.store.chunk;

import org.jspecify.annotations.NullMarked;
