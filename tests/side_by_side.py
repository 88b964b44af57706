"""Pytest plugin of `script/test`: which tests may run beside each other in two processes.

With `--dist loadgroup` the tests of a group stay in one process, one after the other. Tests that drive a browser form one
group, so that two Chromiums never fight for two cores; all others stay together by file, so that what a file sets up is
set up once. The largest group starts first.
"""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its group: before xdist reads it, which it does in the same hook."""
    for item in items:
        group = "browser" if item.get_closest_marker("browser") else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
