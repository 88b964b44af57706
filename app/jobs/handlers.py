"""What each kind of job does: name → service call. A handler may run more than once and must not mind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from app.config import Settings
from app.ports import Tools


class Beat(Protocol):
    """Tells how far a job is; raises `Cancelled` when it was asked to stop."""

    def __call__(self, done: int, total: int) -> None:
        """Note progress and renew the lease."""


class Cancelled(Exception):
    """Somebody asked for the running job to stop."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a handler works with."""

    sessions: sessionmaker[Session]
    tools: Tools
    settings: Settings
    clock: Callable[[], datetime]
    beat: Beat
    account_id: int | None
    is_stopping: Callable[[], bool] = lambda: False  # long work that can go on another time ends early


Handler = Callable[[Work, dict[str, Any]], None]

# Named, not imported: a worker loads a handler's module when the first job of its kind comes.
HANDLERS: dict[str, str] = {
    "render_version": "app.jobs.documents:render_version",
    "print_register": "app.jobs.registers:print_register",
    "print_report": "app.jobs.reports:print_report",
    "print_copy": "app.jobs.copies:print_copy",
    "file_case": "app.jobs.case_filing:file_case",
    "rebuild_index": "app.jobs.search:rebuild_index",
    "tidy": "app.jobs.tidy:tidy",
    "watch_loans": "app.jobs.lending:watch_loans",
    "watch_cases": "app.jobs.casework_watch:watch_cases",
    "judge_clocks": "app.jobs.clocks:judge_clocks",
    "watch_surveys": "app.jobs.surveys:watch_surveys",
    "watch_missing": "app.jobs.missing_watch:watch_missing",
    "draw_file": "app.jobs.intake:draw_file",
    "unpack_file": "app.jobs.unpacking:unpack_file",
    "work_pages": "app.jobs.page_work:work_pages",
    "learn_sorting": "app.jobs.sorting:learn_sorting",
    "suggest_item": "app.jobs.suggesting:suggest_item",
    "sweep_intake": "app.jobs.intake:sweep_intake",
    "watch_folder": "app.jobs.folder_watch:watch_folder",
    "file_batch": "app.jobs.batch_filing:file_batch",
    "try_table": "app.jobs.tables:try_table",
    "take_table": "app.jobs.tables:take_table",
    "assemble_item": "app.jobs.intake_assembling:assemble_item",
}

# Kind → seconds between two runs; the worker keeps one job of each ahead.
SCHEDULE: dict[str, int] = {
    "tidy": 600,
    "watch_loans": 900,
    "watch_cases": 900,
    "judge_clocks": 21600,
    "watch_surveys": 3600,
    "watch_missing": 3600,
    "learn_sorting": 86400,
    "sweep_intake": 120,
    "watch_folder": 10,
}

# Page work has a lane of its own: a register that somebody waits for must not stand behind a pile of scans, nor behind
# it the index. Drawing and suggesting are done by whichever lane is free.
PAGE_WORK = frozenset({"work_pages"})
LIGHT_PAPER_WORK = frozenset({"draw_file", "render_version", "suggest_item"})


def handler_of(kind: str) -> Handler:
    """Return the function that does jobs of `kind`."""
    module, _, name = HANDLERS[kind].partition(":")
    handler: Handler = getattr(import_module(module), name)
    return handler
