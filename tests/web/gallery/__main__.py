"""Writes the gallery into a folder: `python -m tests.web.gallery DIR`."""

import sys
from pathlib import Path

from tests.web.gallery.images import draw_pages
from tests.web.gallery.scenes import ROOT, environment, scene, scene_names

folder = Path(sys.argv[1])
draw_pages(folder / "images")
env = environment(static=f"{ROOT}/app/static/", images="images/")
for name in scene_names():
    (folder / f"{name}.html").write_text(scene(env, name), encoding="utf-8")
