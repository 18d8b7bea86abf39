"""A file system for the servers' files, as Debian's installer makes it: ext4 with a journal."""

import contextlib
import os
import subprocess
import sys
import tempfile

IMAGE_OCTETS = 32 << 30  # sparse: only what is written takes room


@contextlib.contextmanager
def own():
    """Temporary files are on it inside of this.

    Machines for experiments often have ext4 without a journal. There every new file is looked for among all inodes that
    were deleted within the last minutes, so that a server that makes a file for each message slows down by half while
    it runs; and what a server has written is on disk sooner than elsewhere.
    """
    with tempfile.TemporaryDirectory(prefix="bench-disk-") as folder:
        image, files = f"{folder}/image", f"{folder}/files"
        os.chmod(folder, 0o755)
        os.mkdir(files)
        with open(image, "wb") as f:
            f.truncate(IMAGE_OCTETS)
        try:
            subprocess.run(["mkfs.ext4", "-q", image], check=True, capture_output=True)
            subprocess.run(["mount", "-o", "loop", image, files], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as e:
            why = getattr(e, "stderr", None)
            print(f"bench: no file system of its own, the figures are of that of {tempfile.gettempdir()}:",
                  why.decode().strip() if why else e, file=sys.stderr)
            yield
            return
        before, tempfile.tempdir = tempfile.tempdir, files
        try:
            yield
        finally:
            tempfile.tempdir = before
            subprocess.run(["umount", "-l", files], check=True)  # native libraries may have been loaded from there
