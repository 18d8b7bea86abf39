package org.everpost.server.admin;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The standard streams of this process. */
public final class ProcessConsole implements Console {

  private final InputStream in = new FileInputStream(FileDescriptor.in);
  private final Writer out = writer(FileDescriptor.out);
  private final Writer err = writer(FileDescriptor.err);

  private static Writer writer(FileDescriptor descriptor) {
    return new BufferedWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }

  @Override
  public void out(String text) throws IOException {
    out.write(text);
  }

  @Override
  public void err(String line) throws IOException {
    out.flush();
    err.write(line);
    err.write('\n');
    err.flush();
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public InputStream open(String file) throws IOException {
    return file.equals("-") ? in : openFile(file);
  }

  private static InputStream openFile(String file) throws IOException {
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new IOException(file + " is a directory");
      }
      return Files.newInputStream(path);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read by this user", e);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
