"""Adapters that are loaded when first asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.adapters.late import when_asked

ROOT = Path(__file__).resolve().parents[2]


class Bell:
    """Rings."""

    def ring(self) -> str:
        """Return a sound."""
        return "ding"


def test_a_late_adapter_is_made_once_and_only_when_it_is_asked() -> None:
    made: list[Bell] = []

    def make() -> Bell:
        made.append(Bell())
        return made[-1]

    bell = when_asked(make)

    assert not made
    assert [bell.ring(), bell.ring()] == ["ding", "ding"]
    assert len(made) == 1


def test_a_process_that_draws_nothing_loads_no_image_pdf_or_workbook_library(tmp_path: Path) -> None:
    heavy = {"numpy", "PIL", "pikepdf", "openpyxl", "lxml"}
    program = f"""if True:
        import sys
        from pathlib import Path
        from app import build_tools
        from app.config import Settings
        folder = Path({str(tmp_path)!r})
        build_tools(Settings(instance=folder, database_url="sqlite://", master_key=bytes(range(32))))
        print(sorted({heavy!r} & sys.modules.keys()))
        """

    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == "[]"
