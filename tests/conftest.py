"""Fixtures: databases of both kinds with the cast in them, an instance on disk, a portal with a checking client."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.adapters.cipher_aesgcm import AesGcmCipher
from app.cli.schema import migrate
from app.config import Settings
from app.db import configure_engine
from app.models.fields import install_cipher
from app.services.seeds import seed_rules, seed_texts
from tests.cast import NOW, add_cast
from tests.client import Portal
from tests.compiled_once import compile_once

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

MASTER_KEY = bytes(range(7, 39))
compile_once()


@pytest.fixture(scope="session", autouse=True)
def cipher() -> AesGcmCipher:
    """The field cipher of all tests."""
    cipher = AesGcmCipher(MASTER_KEY)
    install_cipher(cipher)
    return cipher


@pytest.fixture(scope="session")
def template_instance(tmp_path_factory: pytest.TempPathFactory, cipher: AesGcmCipher) -> Path:
    """An instance with the cast and the catalogue in its SQLite database; copied, never used itself."""
    folder = tmp_path_factory.mktemp("template")
    make_keys(folder)
    engine = create_engine(f"sqlite:///{folder / 'baodang.db'}")
    fill(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder


@pytest.fixture(scope="session")
def sqlite_engine(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A SQLite database for tests that never commit."""
    file = tmp_path_factory.mktemp("sqlite") / "baodang.db"
    shutil.copy(template_instance / "baodang.db", file)
    engine = create_engine(f"sqlite:///{file}")
    configure_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test run."""
    from tests.postgres import temporary_postgres

    with temporary_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str, cipher: AesGcmCipher) -> Iterator[Engine]:
    """A PostgreSQL database for tests that never commit."""
    engine = create_engine(postgres_url)
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each database in turn: models, queries and services pass the same tests on both."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back at the end."""
    with Session(engine, expire_on_commit=False) as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
        session.rollback()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """The one driver of browsers in this process: a second would not start beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def instance(template_instance: Path, tmp_path: Path) -> Path:
    """An instance folder of this test alone."""
    folder = tmp_path / "instance"
    shutil.copytree(template_instance, folder)
    return folder


@pytest.fixture
def settings(instance: Path) -> Settings:
    """The settings of the test's instance."""
    return Settings(instance=instance, database_url=f"sqlite:///{instance / 'baodang.db'}", master_key=MASTER_KEY)


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    """The whole web application on the test's instance, with clients for the cast."""
    portal = Portal(settings)
    yield portal
    portal.close()


def make_keys(folder: Path) -> None:
    """Write the master key of tests where an instance keeps it."""
    keys = folder / "keys"
    keys.mkdir(parents=True, mode=0o700)
    file = keys / "master.key"
    file.write_text(MASTER_KEY.hex())
    file.chmod(0o600)


def fill(engine: Engine) -> None:
    """Migrate a database and write the cast and the catalogue."""
    configure_engine(engine)
    migrate(engine)
    with Session(engine) as session:
        add_cast(session)
        seed_rules(session, now=NOW)
        seed_texts(session, now=NOW)
        session.commit()
