"""保档 (Baodang): the portal for an insurer's customer archives.

This module is the composition root: the only place that chooses adapters. Importing it costs nothing; what a
process needs is imported by the step that needs it, so that a worker never loads the web and the web never loads a
PDF engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from app.config import Settings
    from app.ports import PageMarker, PageTool, Tools, WorkbookWriter


def create_app(settings: Settings | None = None) -> Flask:
    """Return the web application of one instance; raises `BadConfiguration` rather than start weak."""
    from flask import Flask

    from app.config import load_settings
    from app.web.addresses import UnhurriedRule

    settings = settings or load_settings()
    app = Flask("app", instance_path=str(settings.instance), static_folder=None)
    app.url_rule_class = UnhurriedRule
    app.extensions["baodang"] = settings
    app.extensions["tools"] = build_tools(settings)
    _configure(app, settings)
    _connect_database(app)
    _mount_web(app)
    _mount_screens(app)
    _mount_commands(app)
    return app


def build_tools(settings: Settings) -> Tools:
    """Choose the adapters and hand the cipher to the sealed columns."""
    from app.adapters.cipher_aesgcm import AesGcmCipher
    from app.adapters.filestore_local import LocalFileStore
    from app.adapters.imagetool_sandbox import SandboxedImageTool
    from app.adapters.late import when_asked
    from app.adapters.pdf_weasyprint import WeasyPrinter
    from app.adapters.reader_rapidocr import RapidOcrReader
    from app.adapters.search_whoosh import WhooshIndex
    from app.adapters.sorter_sklearn import LinearSorter
    from app.adapters.tables_sandbox import SandboxedTableReader
    from app.models.fields import install_cipher
    from app.ports import Tools

    cipher = AesGcmCipher(settings.master_key)
    install_cipher(cipher)
    return Tools(
        files=LocalFileStore(
            settings.instance / "blobs", master_key=settings.master_key, free_space_floor=settings.free_space_floor
        ),
        images=SandboxedImageTool(),
        marker=when_asked(_marker),
        index=WhooshIndex(settings.instance / "index", blind=lambda text: cipher.blind(text, b"search")[:16]),
        printer=WeasyPrinter(),
        workbooks=when_asked(_workbooks),
        tables=SandboxedTableReader(),
        pages=when_asked(_pages),
        reader=RapidOcrReader(),
        sorter=LinearSorter(),
    )


def _marker() -> PageMarker:
    from app.adapters.marker_pillow import PillowMarker

    return PillowMarker()


def _workbooks() -> WorkbookWriter:
    from app.adapters.workbook_openpyxl import OpenpyxlWriter

    return OpenpyxlWriter()


def _pages() -> PageTool:
    from app.adapters.pagetool_opencv import OpenCvPageTool

    return OpenCvPageTool()


def build_engine(settings: Settings) -> Engine:
    """Return an engine for processes without Flask."""
    from sqlalchemy import create_engine

    from app.db import configure_engine

    engine = create_engine(database_url(settings), hide_parameters=True)
    configure_engine(engine)
    return engine


def database_url(settings: Settings) -> str:
    """Return the address of the database; a bare PostgreSQL address means psycopg 3."""
    return settings.database_url.replace("postgres://", "postgresql://", 1)


def _configure(app: Flask, settings: Settings) -> None:
    from app.adapters.cipher_aesgcm import derive_key

    app.config.update(
        SECRET_KEY=derive_key(settings.master_key, "flask"),
        SQLALCHEMY_DATABASE_URI=database_url(settings),
        # The values of a statement are personal data: they must not reach a log with an error.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        MAX_CONTENT_LENGTH=settings.upload.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=500,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https",
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )


def _connect_database(app: Flask) -> None:
    from app import models  # noqa: F401 (the tables)
    from app.db import configure_engine, db

    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def _mount_web(app: Flask) -> None:
    from app.web import mount

    mount(app)


def _mount_screens(app: Flask) -> None:
    from app.blueprints import screens
    from app.web.access import refuse_undeclared_routes

    for screen in screens():
        app.register_blueprint(screen)
    refuse_undeclared_routes(app)


def _mount_commands(app: Flask) -> None:
    from app.cli import commands

    for command in commands():
        app.cli.add_command(command)
