"""The watched folder: files are taken when they are whole, once, and end where people see what became of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.config import BadConfiguration, Settings, load_settings
from app.jobs import folder_watch as job
from app.jobs.handlers import Work
from app.models.accounts import Branch
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem
from app.ports import StorageFull
from app.services.unpacking import ARCHIVE
from tests.adapters.made_files import fax, pdf_of_pages
from tests.cast import EAST
from tests.jobs.papers import do, light_work


@pytest.fixture
def scans(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the east's scanner."""
    with light_work(settings).sessions() as session:
        code = session.scalar(select(Branch.code).where(Branch.id == EAST))
    folder = tmp_path / "scans" / str(code)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def work(settings: Settings, scans: Path) -> Work:
    """A worker that watches; it has not looked yet."""
    job.LOOKS.seen.clear()
    job.LOOKS.stuck.clear()
    return light_work(replace(settings, scan_folder=scans.parent))


def look(work: Work, times: int = 1) -> None:
    """Look into the folder."""
    for _ in range(times):
        do(work, "watch_folder")


def count(work: Work, model: type) -> int:
    """Return how many rows a table has."""
    with work.sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def names(folder: Path) -> list[str]:
    """Return what lies in a folder, files only."""
    return sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def test_a_file_that_stood_still_is_taken_once_and_moved_away(work: Work, scans: Path) -> None:
    (scans / "扫描0001.pdf").write_bytes(pdf_of_pages(2))
    (scans / "扫描0002.tif").write_bytes(fax(3))

    look(work)
    after_one = count(work, IntakeItem)
    look(work, 3)

    assert after_one == 0
    assert names(scans) == []
    assert names(scans / "已接收") == ["扫描0001.pdf", "扫描0002.tif"]
    assert (count(work, IntakeBatch), count(work, IntakeItem)) == (1, 2)


def test_a_file_that_grows_or_has_an_unfinished_name_is_left(work: Work, scans: Path) -> None:
    growing, part = scans / "a.pdf", scans / "b.pdf.part"
    growing.write_bytes(b"%PDF-")
    part.write_bytes(pdf_of_pages(1))

    look(work)
    growing.write_bytes(pdf_of_pages(1))
    look(work)

    assert names(scans) == ["a.pdf", "b.pdf.part"]
    assert count(work, IntakeItem) == 0


def test_a_file_that_is_open_for_writing_is_left_until_it_is_closed(work: Work, scans: Path) -> None:
    file = scans / "a.pdf"
    with file.open("wb") as writer:
        writer.write(pdf_of_pages(1))
        writer.flush()
        look(work, 3)
        while_open = count(work, IntakeItem)
    look(work)

    assert while_open == 0
    assert count(work, IntakeItem) == 1


def test_a_crash_between_taking_and_moving_does_not_take_it_twice(
    work: Work, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scans / "a.pdf").write_bytes(pdf_of_pages(1))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crashed:
        crashed.setattr(job, "_move", die)
        with pytest.raises(KeyboardInterrupt):
            look(work, 2)
    job.LOOKS.seen.clear()
    look(work, 2)

    assert count(work, IntakeItem) == 1
    assert names(scans / "已接收") == ["a.pdf"]


def test_what_cannot_be_taken_is_laid_aside_with_the_reason(work: Work, scans: Path) -> None:
    (scans / "程序.exe").write_bytes(b"MZ" + bytes(300))
    (scans / "断.pdf").write_bytes(pdf_of_pages(1)[:200])

    look(work, 2)

    assert names(scans / "未接收") == ["断.pdf", "断.pdf.txt", "程序.exe", "程序.exe.txt"]
    assert "只收 PDF" in (scans / "未接收" / "程序.exe.txt").read_text("utf-8")
    assert count(work, IntakeItem) == 0


def test_links_are_not_followed_in_nor_out(work: Work, scans: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(pdf_of_pages(1))
    (scans / "a.pdf").symlink_to(secret)
    os.link(secret, scans / "b.pdf")
    os.mkfifo(scans / "c.pdf")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "d.pdf").write_bytes(pdf_of_pages(1))
    (scans / "已接收").symlink_to(outside)

    look(work, 3)

    assert count(work, IntakeFile) == 0
    assert secret.exists()
    assert names(outside) == ["d.pdf"]


def test_a_file_that_cannot_be_moved_is_not_taken_again(work: Work, scans: Path, tmp_path: Path) -> None:
    (scans / "a.pdf").write_bytes(pdf_of_pages(1))
    (scans / "已接收").symlink_to(tmp_path)

    look(work, 5)

    assert count(work, IntakeItem) == 1
    assert names(scans) == ["a.pdf"]


def test_the_same_name_comes_again_and_neither_is_lost(work: Work, scans: Path) -> None:
    for pages in (1, 2):
        (scans / "a.pdf").write_bytes(pdf_of_pages(pages))
        look(work, 2)

    assert names(scans / "已接收") == ["a-2.pdf", "a.pdf"]
    assert (count(work, IntakeBatch), count(work, IntakeItem)) == (1, 2)


def test_a_zip_goes_in_as_it_is(work: Work, scans: Path) -> None:
    (scans / "a.zip").write_bytes(b"PK\x03\x04" + bytes(100))

    look(work, 2)

    with work.sessions() as session:
        assert session.scalars(select(IntakeFile.media_type)).all() == [ARCHIVE]


def test_a_full_disk_leaves_the_file_where_it_is(work: Work, scans: Path) -> None:
    (scans / "a.pdf").write_bytes(pdf_of_pages(1))
    roomy = type(work.tools.files)

    class Full(roomy):  # type: ignore[misc, valid-type]
        def has_room(self) -> bool:
            return False

    work.tools.files.__class__ = Full
    look(work)
    with pytest.raises(StorageFull):
        look(work)
    work.tools.files.__class__ = roomy
    look(work)

    assert names(scans / "已接收") == ["a.pdf"]
    assert count(work, IntakeItem) == 1


@pytest.mark.parametrize("value", ["scans", "/", "{instance}", "{instance}/scans"])
def test_the_folder_must_be_a_whole_path_away_from_the_instance(
    instance: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("BAODANG_SCAN_FOLDER", value.format(instance=instance))

    with pytest.raises(BadConfiguration):
        load_settings(instance)
