"""Photos of complaints: made anew from their pixels, so that nothing else comes along, and kept beside the database.

A photo is named after its mention. It is written before the mention is stored and gets its name after that, so that a
crash loses neither; `sweep` completes or removes what was left half done, and what belonged to an erased author.
"""

from __future__ import annotations

import io
import re
import warnings
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from responder.cases.refused import Refused
from responder.channels.opening import INTAKE
from storage.mention import Mention
from storage.source import Source

if TYPE_CHECKING:
    from kintsugi.app import App

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2048  # pixels of what is kept
HALF_DONE = timedelta(hours=1)
_NAME = re.compile(r"[A-Z0-9-]{3,40}")


def photos_work() -> bool:
    """Whether photos can be taken at all (the extra `photos`)."""
    return find_spec("PIL") is not None


def clean_photo(given: bytes) -> bytes | Refused:
    """The picture as a JPEG of at most LONGEST_SIDE, without any metadata; its orientation is in its pixels."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is judged below
            with Image.open(io.BytesIO(given), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return Refused("photo_pixels", f"{picture.width} × {picture.height} pixels are too many")
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        return Refused("photo_kind", f"no readable JPEG, PNG or WebP: {type(error).__name__}")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=85)
    return made.getvalue()


def lay_down(app: App, reference: str, photo: bytes) -> None:
    """Writes the photo of a mention that is about to be stored."""
    folder = folder_of(app)
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / f"{_checked(reference)}.part").write_bytes(photo)


def pick_up(app: App, reference: str) -> None:
    """The mention is stored: from now on the photo is there."""
    _complete(folder_of(app) / f"{_checked(reference)}.part")


def photo_of(app: App, reference: str) -> Path | None:
    """The photo of a mention, if there is one."""
    file = folder_of(app) / f"{reference}.jpg"
    return file if _NAME.fullmatch(reference) and file.is_file() else None


def sweep(app: App, at: datetime) -> None:
    """Completes what a crash left half done, and removes the photos of mentions that are no more."""
    folder = folder_of(app)
    files = [file for file in folder.iterdir() if file.suffix in (".jpg", ".part")] if folder.is_dir() else []
    if not files:
        return
    with app.database.read() as session:
        kept = select(Mention.external_id).join(Source).where(Source.key == INTAKE)
        known = set(session.scalars(kept.where(Mention.external_id.in_([file.stem for file in files]))))
    for file in files:
        if file.stem in known:
            _complete(file)
        elif file.suffix == ".jpg" or _age(file, at) > HALF_DONE:
            file.unlink(missing_ok=True)


def folder_of(app: App) -> Path:
    """Beside kintsugi.yaml, as all files of an installation."""
    return app.folder / "kintsugi.photos"


def _complete(file: Path) -> None:
    with suppress(FileNotFoundError):  # the sweep and the request may both come to it
        file.replace(file.with_suffix(".jpg"))


def _age(file: Path, at: datetime) -> timedelta:
    try:
        return timedelta(seconds=at.timestamp() - file.stat().st_mtime)
    except FileNotFoundError:
        return timedelta(0)


def _checked(reference: str) -> str:
    if not _NAME.fullmatch(reference):
        raise ValueError(f"{reference!r} is no reference")
    return reference
