import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.everpost.testkit.botnet.Chronicle;
import org.everpost.testkit.botnet.Picture;

/** For botnet.py: one picture. Arguments: the file it becomes, then what sieges have written. */
void main(String[] args) throws Exception {
  List<Chronicle> sieges = new ArrayList<>();
  for (String file : List.of(args).subList(1, args.length)) {
    sieges.add(Chronicle.parse(Files.readAllLines(Path.of(file))));
  }
  Picture.draw(sieges, Path.of(args[0]));
}
