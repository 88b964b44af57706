"""Making an instance ready to serve: keys, certificate, schema, seeds, the three administrators; demo data if asked.

Run by script/server before the portal starts; running it again changes nothing that is in order.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import build_engine, build_tools
from app.adapters.tls_local import ensure_certificates
from app.adapters.tls_own import BadCertificate
from app.cli.schema import migrate, newest_step
from app.config import MASTER_KEY_BYTES, BadConfiguration, Settings, instance_folder, load_settings
from app.domain.actor import Role
from app.models.accounts import Branch
from app.services.accounts import AccountData, create_account, grant_role
from app.services.branches import BranchData, create_branch
from app.services.seeds import seed_rules, seed_texts

ADMINISTRATORS = (
    (Role.SYSADMIN, "系统管理员"),
    (Role.SECADMIN, "安全保密管理员"),
    (Role.AUDITOR, "安全审计员"),
)


def main() -> int:
    """Prepare the instance that the arguments name; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, default=None)
    parser.add_argument("--demo", action="store_true")
    arguments = parser.parse_args()
    os.umask(0o077)
    folder = (arguments.instance or instance_folder()).resolve()
    try:
        prepare(folder, demo=arguments.demo, now=datetime.now(UTC))
    except (BadConfiguration, BadCertificate) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prepare(folder: Path, *, demo: bool, now: datetime) -> None:
    """Bring the instance in `folder` to where it can be served; raises `BadConfiguration`, `BadCertificate`."""
    make_folder(folder)
    settings = load_settings(folder)
    ensure_certificates(folder / "tls", settings.hosts, now)
    build_tools(settings)
    engine = build_engine(settings)
    migrate(engine)
    with Session(engine, expire_on_commit=False) as session:
        is_new = session.scalar(select(Branch.id).limit(1)) is None
        seed_rules(session, now=now)
        codes = make_administrators(session, now=now) if is_new and not demo else []
        seed_texts(session, now=now)
        # Printed before they are valid: a stop in between leaves an installation that is made once more.
        print_codes(codes)
        session.commit()
    if demo:
        load_demo_once(settings, is_new=is_new, now=now)
    note_ready(folder)


def make_folder(folder: Path) -> None:
    """Make the folders of an instance and its master key, readable by their owner only."""
    for part in ("", "keys", "blobs", "index", "log"):
        (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    key = folder / "keys" / "master.key"
    if not key.exists():
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(MASTER_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())


def make_administrators(session: Session, *, now: datetime) -> list[tuple[str, str, str]]:
    """Write the head office and the three administrators; return name, username and activation code of each."""
    head = BranchData("总公司", "0001", "head", "J001", "本公司")
    branch_id = create_branch(session, None, head, now=now)
    codes = []
    for role, name in ADMINISTRATORS:
        account_id, code = create_account(session, None, AccountData(role.value, name, branch_id), now=now)
        grant_role(session, None, account_id, role, branch_id, now=now)
        codes.append((name, role.value, code))
    return codes


def print_codes(codes: list[tuple[str, str, str]]) -> None:
    """Print the activation codes, this once; hand each to another person."""
    if not codes:
        return
    lines = ["", "新安装。三位管理员的激活码（只显示这一次，请分别交给三个人，在 /activate 激活）："]
    lines += [f"  {name}  用户名 {username}  激活码 {code}" for name, username, code in codes]
    sys.stdout.write("\n".join([*lines, "", ""]))
    sys.stdout.flush()


def load_demo_once(settings: Settings, *, is_new: bool, now: datetime) -> None:
    """Fill a new instance with demo data; refuse to mix it into a real one."""
    if settings.demo:
        return
    unfinished = settings.instance / "demo-unfinished"
    if unfinished.exists():
        raise BadConfiguration(
            f"{settings.instance}: loading the demo data was broken off. Remove this folder and start again: rm -r {settings.instance}"
        )
    if not is_new:
        raise BadConfiguration(
            f"{settings.instance}: this installation has real data. Use --demo with a folder of its own: --instance DIR"
        )
    from app.cli.demo.load import load_demo

    unfinished.touch()
    load_demo(settings, scale=os.environ.get("BAODANG_DEMO_SCALE", "small"), seed=1, now=now)
    unfinished.unlink()


def note_ready(folder: Path) -> None:
    """Leave the mark that lets the next start skip all this."""
    state = {"schema": newest_step(), "demo": (folder / "demo-accounts.json").exists()}
    fresh = folder / "ready.json.new"
    fresh.write_text(json.dumps(state), "utf-8")
    fresh.replace(folder / "ready.json")


if __name__ == "__main__":
    sys.exit(main())
