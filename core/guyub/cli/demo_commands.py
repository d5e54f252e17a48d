"""``guyub demo``: the region Jawa Tengah to walk through, or its first month as a folder of documents."""

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from guyub.cli.output import say
from guyub.cli.refusals import CliRefusal
from guyub.cli.serve import PORT
from guyub.db.home import Home, UnusableHome, find_home
from guyub.db.time_limits import PAGES
from guyub.demo import november, region, staff, state
from guyub.operations.context import AppContext, open_app, reach_database
from guyub.programs.documents import bundle as document_bundle
from guyub.sdk.text import Text

HOST = "127.0.0.1"
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
BANNER = Text(
    id="Peragaan: tanggalnya berjalan dari 2 Desember 2024 (jam pencatatan tetap jam sebenarnya); semua orang, donatur dan "
    "nomor surat adalah contoh.",
    en="Demonstration: its date runs on from 2 December 2024 (entries keep the real time); all people, donors and letter "
    "numbers are examples.",
)


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="port halaman web | port of the pages")] = PORT,
    once: Annotated[
        bool, typer.Option("--once", help="satu bulan tanpa server web | one month, no web server")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="folder hasil untuk --once | folder for --once")] = None,
) -> None:
    """Serves the demonstration, or with --once --out DIR writes the documents of Pekalongan's November 2024."""
    if once != (out is not None):
        raise typer.BadParameter("--once dan --out dipakai bersama | --once and --out go together", param_hint="--once")
    if out is not None:
        write_month(out)
    else:
        serve_demo(port)


def serve_demo(port: int) -> None:
    home = find_home()
    home.prepare()
    # Imported by the commands that serve: all others would wait a second for it.
    from guyub.app import create_app
    from guyub.cli.web_server import require_free, run

    state.require_own_home(home)
    with state.only_demo(home, f"http://{HOST}:{port}/"):
        require_free(HOST, port)
        _forget_what_was_cut_short(home)
        with open_app(home, say=say, limits=PAGES) as here:
            known = state.read(home) or _build(home, here)
            app = create_app(
                here.database, here.plugins, protector=here.protector, clock=known.clock(), banner=BANNER, host_names=()
            )
            try:
                run(app, HOST, port, lambda: _welcome(port, known))
            except KeyboardInterrupt:
                say(Text(id="Berhenti; yang Anda isi tetap tersimpan.", en="Stopped; what you entered is kept."))


def write_month(out: Path) -> None:
    """Runs the Pekalongan month from an empty temporary home to the closed cycle; its documents and summary.json in ``out``."""
    _prepare_folder(out)
    folder = Path(tempfile.mkdtemp(prefix="guyub-demo-"))
    try:
        folder.chmod(0o711)  # root's server runs as another account
        home = find_home({"GUYUB_HOME": str(folder / "home")})
        with open_app(home, say=say, settings=NOT_DURABLE) as here:
            _write_month(here, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_month(here: AppContext, out: Path) -> None:
    region.settle(here, staff.new_passwords(), say)
    rutan = november.rutan_pekalongan(here)
    cycle = november.run(rutan, say)
    rutan.close_books(region.TODAY.date())
    say(Text(id="Mencetak dokumen …", en="Printing the documents …"))
    with rutan.work_of(rutan.services) as work:
        kept = document_bundle.produce_all(work, cycle, None, datetime.now(UTC))
        summary = document_bundle.summary(work, cycle)
        contents = {document.file_name: document_bundle.content(work, document) for document in kept}
    for name, content in contents.items():
        (out / name).write_bytes(content)
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    for document in kept:
        print(f"  {document.file_name}  {document.title}")
    print(f"{out / 'summary.json'}")


def _prepare_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".guyub"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CliRefusal.OUT.of(UnusableHome, path=out, reason=error.strerror or error) from error


def _build(home: Home, here: AppContext) -> state.DemoState:
    passwords = staff.new_passwords()
    state.write(home, state.DemoState(False, passwords, 0.0))
    region.settle(here, passwords, say)
    region.live_through(here, say)
    known = state.DemoState(True, passwords, region.shift_to())
    state.write(home, known)
    return known


def _forget_what_was_cut_short(home: Home) -> None:
    """Removes a demonstration that was interrupted while it was made, so that it begins anew."""
    known = state.read(home)
    if known is None or known.complete:
        return
    with reach_database(home) as context:
        url = context.installation.admin_url.set(drivername="postgresql", database="postgres")
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS guyub WITH (FORCE)")
    (home.path / "demo.json").unlink()


def _welcome(port: int, known: state.DemoState) -> None:
    print(
        f"\n  Guyub: http://{HOST}:{port}/\n\n  Masuk sebagai (nama pengguna, kata sandi) | sign in as (user name, password):\n"
    )
    for post in staff.POSTS:
        if post.shown:
            print(f"  {post.login:<24} {known.passwords[post.login]:<34} {post.what.id}")
    print("\n  Ctrl-C menghentikan; data tetap tersimpan. | Ctrl-C stops it; the data is kept.", flush=True)
