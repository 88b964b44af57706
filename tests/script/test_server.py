"""script/server: starting, watching, stopping, and saying plainly what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from supervising.instance import Instance

from app.adapters.tls_local import ensure_certificates
from tests.script.house import House, is_running


def test_it_serves_over_tls_and_starts_the_worker(house: House) -> None:
    house.serve_until_ready()

    assert house.answers()
    assert f"https://localhost:{house.port}/" in house.output()
    assert is_running(house.worker_pid())


def test_a_client_that_trusts_the_offered_authority_is_content(house: House) -> None:
    house.serve_until_ready()

    trusting = ssl.create_default_context(cafile=house.instance / "tls" / "ca.crt")

    assert house.get("/healthz", trusting) == "ok"


def test_http_2_is_offered(house: House) -> None:
    house.serve_until_ready()
    context = ssl.create_default_context(cafile=house.instance / "tls" / "ca.crt")
    context.set_alpn_protocols(["h2", "http/1.1"])

    with house.connect(context) as stream:
        chosen = stream.selected_alpn_protocol()

    assert chosen == "h2"


def test_stopping_ends_every_process(house: House) -> None:
    server = house.serve_until_ready()
    web, worker = house.web_pid(), house.worker_pid()

    status = house.stop(server)

    assert status == 0
    assert not is_running(web)
    assert not is_running(worker)


def test_a_request_at_hand_is_finished_before_stopping(house: House) -> None:
    server = house.serve_until_ready()
    answers: list[str] = []
    reader = threading.Thread(target=lambda: answers.append(house.get("/slow")))
    reader.start()
    house.wait_for((house.instance / "slow").exists)

    status = house.stop(server)

    reader.join()
    assert answers == ["ok"]
    assert status == 0


def test_a_second_signal_does_not_wait_for_what_is_stuck(house: House) -> None:
    server = house.serve_until_ready()
    web = house.web_pid()
    with house.connect() as stream:
        stream.sendall(b"GET /stuck HTTP/1.1\r\nHost: localhost\r\n\r\n")
        house.wait_for((house.instance / "stuck").exists)

        server.send_signal(signal.SIGINT)
        house.wait_for(lambda: not is_running(house.worker_pid()))
        server.send_signal(signal.SIGINT)

        assert server.wait(10) == 0
    assert not is_running(web)


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_a_killed_process_comes_back(house: House, victim: str) -> None:
    house.serve_until_ready()
    pid = house.web_pid() if victim == "web" else house.worker_pid()

    os.kill(pid, signal.SIGKILL)

    house.wait_for(lambda: house.answers() and house.web_pid() != pid and house.worker_pid() != pid)
    assert f"the {victim} process ended (signal SIGKILL)" in house.output()


def test_a_web_process_that_dies_again_and_again_is_still_brought_back(house: House) -> None:
    house.serve_until_ready()

    for _ in range(3):
        pid = house.web_pid()
        os.kill(pid, signal.SIGKILL)
        house.wait_for(house.answers)

    assert house.output().count("the web process ended") == 3


def test_nothing_is_left_when_the_supervisor_itself_is_killed(house: House) -> None:
    server = house.serve_until_ready()
    web, worker = house.web_pid(), house.worker_pid()

    server.kill()
    server.wait()

    house.wait_for(lambda: not is_running(web) and not is_running(worker))


def test_hup_restarts_both_processes(house: House) -> None:
    server = house.serve_until_ready()
    web, worker = house.web_pid(), house.worker_pid()

    server.send_signal(signal.SIGHUP)

    house.wait_for(lambda: house.answers() and house.web_pid() != web and house.worker_pid() != worker)


def test_hup_takes_over_a_certificate_that_has_been_brought(house: House) -> None:
    server = house.serve_until_ready()
    before = served_certificate(house)
    bring_certificate(house)

    server.send_signal(signal.SIGHUP)

    house.wait_for(lambda: house.answers() and served_certificate(house) != before)


def test_hup_with_a_bad_certificate_leaves_the_portal_as_it_was(house: House) -> None:
    server = house.serve_until_ready()
    web = house.web_pid()
    (house.instance / "tls" / "own.crt").write_text("garbled")

    server.send_signal(signal.SIGHUP)

    house.wait_for(lambda: "going on as before" in house.output())
    assert house.web_pid() == web
    os.kill(web, signal.SIGKILL)
    house.wait_for(house.answers)


def test_an_instance_is_not_served_twice(house: House) -> None:
    server = house.serve_until_ready()

    second = house.run(*house.command("--port", str(house.port + 1)))

    assert second.returncode == 1
    assert f"is already served by process {server.pid}" in second.stderr


def test_a_folder_that_cannot_be_made_is_told_in_plain_words(house: House) -> None:
    house.write("taken", "")

    refused = house.run("script/server", "--instance", "taken")

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{house.folder}/taken can't be the folder of an installation: File exists.")
    assert len(refused.stderr.splitlines()) == 1


def test_a_taken_port_is_named_with_a_way_out(house: House) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.port))
        other.listen()

        refused = house.run(*house.command())

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {house.port} is taken by another program. Stop that one, or take another port: --port {house.port + 1}\n"
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--host", "203.0.113.77"], "is not an address of this machine"),
        (["--host", "no such name"], "no such address or name"),
        (["--port", "0"], "must be a number from 1 to 65535"),
        (["--port", "https"], "must be a number from 1 to 65535"),
        (["--port"], "--port needs a value"),
        (["--colour"], "unknown option --colour"),
    ],
)
def test_a_bad_option_is_refused_in_plain_words(house: House, options: list[str], says: str) -> None:
    refused = house.run(*house.command(*options))

    assert refused.returncode == 1
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr


def test_bad_settings_are_told_in_one_sentence(house: House) -> None:
    house.write("wsgi.py", "from app.config import BadConfiguration\nraise BadConfiguration('the key is weak')")

    refused = house.run(*house.command())

    assert refused.returncode == 1
    assert "the key is weak" in refused.stdout
    assert "the settings are not good" in refused.stdout
    assert "Traceback" not in refused.stdout


def test_a_portal_that_cannot_start_ends_with_its_last_words(house: House) -> None:
    house.write("wsgi.py", "raise RuntimeError('a broken update')")

    refused = house.run(*house.command())

    assert refused.returncode == 1
    assert "the portal could not start: exit status 1" in refused.stdout
    assert "a broken update" in (house.instance / "log" / "web.log").read_text()


def test_an_instance_that_cannot_be_prepared_is_not_served(house: House) -> None:
    house.write("app/cli/prepare.py", "import sys; sys.exit('no key here')")

    refused = house.run(*house.command())

    assert refused.returncode == 1
    assert "no key here" in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stop_while_preparing_stops_the_preparing_too(house: House, number: signal.Signals) -> None:
    begun = house.folder / "begun"
    house.write(
        "app/cli/prepare.py",
        f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(120)",
    )
    server = house.serve()
    house.wait_for(lambda: begun.exists() and begun.read_text())

    server.send_signal(number)

    house.wait_for(lambda: server.poll() is not None and not is_running(int(begun.read_text())))
    assert "supervisor.py" not in house.output()


def test_the_second_start_prepares_nothing(house: House) -> None:
    house.stop(house.serve_until_ready())

    house.stop(house.serve_until_ready())

    assert house.times_prepared() == 1


def test_an_update_is_prepared_once(house: House) -> None:
    house.stop(house.serve_until_ready())
    house.write("migrations/0002_more.py", "")

    house.stop(house.serve_until_ready())
    house.stop(house.serve_until_ready())

    assert house.times_prepared() == 2


def test_changed_settings_are_prepared_for(house: House) -> None:
    house.stop(house.serve_until_ready())
    (house.instance / "config.toml").write_text('hosts = ["archive.office"]')

    house.stop(house.serve_until_ready())

    assert house.times_prepared() == 2


def test_a_demo_stays_one_without_being_asked_again(house: House) -> None:
    house.stop(house.serve_until_ready("--demo"))

    house.stop(house.serve_until_ready())
    house.stop(house.serve_until_ready("--demo"))

    assert (house.instance / "prepared.log").read_text() == "--demo\n"


def test_opening_to_the_office_prepares_for_the_names_it_is_known_by(house: House) -> None:
    house.stop(house.serve_until_ready())

    house.stop(house.serve_until_ready("--host", "0.0.0.0"))  # noqa: S104

    assert house.times_prepared() == 2
    assert f"https://{socket.gethostname()}:{house.port}/" in house.output()


def test_activation_codes_are_printed_and_kept_out_of_the_logs(house: House) -> None:
    house.stop(house.serve_until_ready())

    logs = "".join(path.read_text() for path in (house.instance / "log").iterdir())
    assert "activation code ABCD" in house.output()
    assert "ABCD" not in logs


def test_own_certificates_are_served_when_they_are_brought(house: House) -> None:
    house.stop(house.serve_until_ready())
    brought = bring_certificate(house)

    house.serve_until_ready()

    assert served_certificate(house) == ssl.PEM_cert_to_DER_cert(brought)
    assert house.times_prepared() == 2


def test_a_certificate_in_its_last_month_is_renewed_at_the_start(house: House) -> None:
    house.stop(house.serve_until_ready())
    certificate = house.instance / "tls" / "server.crt"
    made = certificate.stat().st_mtime - 369 * 86_400
    os.utime(certificate, (made, made))
    Instance(str(house.folder), str(house.instance)).note_prepared([])

    house.stop(house.serve_until_ready())

    assert house.times_prepared() == 2


def test_a_reader_that_stops_reading_does_not_stop_the_portal(house: House) -> None:
    house.write("wsgi.py", "for _ in range(3000): print('x' * 100)\n" + (house.folder / "wsgi.py").read_text())

    server = subprocess.Popen(
        house.command(), cwd=house.folder, env=house.environment(), stdout=subprocess.PIPE, text=True
    )
    house.servers.append(server)

    house.wait_for(house.answers)
    house.wait_for(lambda: (house.instance / "log" / "web.log").read_text().count("x" * 100) == 3000)
    house.stop(server)
    assert server.stdout is not None
    server.stdout.close()


def test_folders_and_logs_are_for_their_owner_only(house: House) -> None:
    house.stop(house.serve_until_ready())

    assert [path for path in (house.instance, *house.instance.rglob("*")) if is_open(path)] == []


def test_the_instance_of_the_environment_is_served_by_default(house: House) -> None:
    elsewhere = house.folder / "elsewhere"
    environment = house.environment() | {"BAODANG_INSTANCE": str(elsewhere)}

    command = ["script/server", "--port", str(house.port)]
    server = subprocess.Popen(command, cwd=house.folder, env=environment, text=True)
    house.servers.append(server)

    house.wait_for(house.answers)
    assert (elsewhere / "ready.json").exists()


def is_open(path: Path) -> bool:
    """Say whether others than the owner may use a file."""
    return bool(path.stat().st_mode & 0o077)


def served_certificate(house: House) -> bytes | None:
    """Return the certificate that the portal shows."""
    with house.connect() as stream:
        return stream.getpeercert(binary_form=True)


def bring_certificate(house: House) -> str:
    """Put a certificate of the office's own in place and return it."""
    elsewhere, tls = house.folder / "made elsewhere", house.instance / "tls"
    ensure_certificates(elsewhere, ["archive.office"], datetime.now(UTC))
    for suffix in ("key", "crt"):
        (elsewhere / f"server.{suffix}").rename(tls / f"own.{suffix}")
    return (tls / "own.crt").read_text()
