package org.everpost.testkit.botnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.everpost.testkit.botnet.Chronicle.Experience;
import org.everpost.testkit.botnet.Chronicle.Second;
import org.everpost.testkit.botnet.Journal.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A picture has something in it, also of seconds without anything. */
class PictureTest {

  private static final int RED = 0xFFFF0000;

  @TempDir private Path directory;

  private static Chronicle chronicle(int floodEnd) {
    List<Second> seconds =
        IntStream.range(0, 20)
            .mapToObj(i ->
                new Second(
                    i,
                    0.5,
                    1,
                    1,
                    10 * i,
                    i,
                    0,
                    i % 3 == 0
                        ? Map.of()
                        : Map.of(Series.KNOWN, new Experience(i, 2 * i, 1, i % 2))))
            .toList();
    return new Chronicle("a siege", 2, 5, floodEnd, seconds);
  }

  private BufferedImage draw(Chronicle... sieges) throws IOException {
    Path file = directory.resolve("picture.png");
    Picture.draw(List.of(sieges), file);
    return ImageIO.read(file.toFile());
  }

  private static long red(BufferedImage image) {
    return IntStream.range(0, image.getWidth())
        .filter(x -> image.getRGB(x, image.getHeight() / 3) == RED)
        .count();
  }

  @Test
  void beginAndEndOfTheFloodAreMarked() throws IOException {
    assertThat(red(draw(chronicle(15)))).isEqualTo(4);
    assertThat(red(draw(chronicle(5)))).isZero();
  }

  @Test
  void everySiegeHasItsRow() throws IOException {
    int one = draw(chronicle(15)).getHeight();
    assertThat(draw(chronicle(15), chronicle(5)).getHeight()).isEqualTo(2 * one);
  }
}
