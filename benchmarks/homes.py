"""A folder for an installation that lasts as long as what is measured in it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guyub.db.home import Home, find_home


@contextmanager
def new_folder() -> Iterator[Path]:
    """Open to the server's own user as well; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="guyub-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def home_in(folder: Path) -> Home:
    return find_home({"GUYUB_HOME": str(folder / "home")})
