#!/usr/bin/env python3
"""Tries the whole API against its own document, as a student and as an admin.

    python3 tests/schemathesis/run.py target/debug/medai

Starts the program with a private PostgreSQL and the demo provider, and lets Schemathesis send what the document allows
and what it does not. Fails on answers of 5xx, and on statuses, types and bodies that the document does not have. The
seed is fixed and the time is bounded; `SCHEMATHESIS_SECONDS` is that of each of the two runs.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ROOT / "target" / "schemathesis"
SECONDS = int(os.environ.get("SCHEMATHESIS_SECONDS", "50"))
PASSWORD = "s4-gallop-rhythm"
ADMIN = "admin@medai.local"

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

# What is left out, and why. Paths are matched whole.
EXCLUDED = {
    "/api/admin/live": "a stream without an end",
    "/api/jobs/{id}/events": "a stream that ends with its job, which may be paused",
    "/api/auth/logout": "ends the sign-in that the run goes by",
    "/api/auth/logout-all": "ends the sign-in that the run goes by",
}


def tool():
    """Schemathesis in an environment of its own, made once for each list of requirements."""
    requirements = HERE / "requirements.txt"
    done, program = TOOLS / "requirements.txt", TOOLS / "bin" / "schemathesis"
    if not done.exists() or done.read_bytes() != requirements.read_bytes():
        venv.create(TOOLS, with_pip=True, clear=True)
        pip = [TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", requirements], check=True)
        done.write_bytes(requirements.read_bytes())
    return program


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def call(base, path, body):
    request = urllib.request.Request(
        base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def start(program, folder):
    """The program, once it can serve."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    env = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
        "ADMIN_EMAIL": ADMIN,
        "ADMIN_PASSWORD": PASSWORD,
        # Nothing is embedded: there is nothing to wait for, and nothing to fetch.
        "EMBEDDER": "ollama",
        # Limits are not what is tried here.
        "REGISTRATIONS_PER_HOUR": "100000",
        "LOGIN_TRIES_PER_ADDRESS": "100000",
        "WRITES_BURST": "100000",
        "ANONYMOUS_WRITES_BURST": "100000",
        "RUST_LOG": "info",
    }
    log = (folder / "log").open("w")
    running = subprocess.Popen([program, "dev"], cwd=folder, env=env, stdout=log, stderr=log)
    for _ in range(600):
        if running.poll() is not None:
            break
        try:
            urllib.request.urlopen(base + "/api/ready", timeout=2).close()
            return running, base
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    running.kill()
    raise SystemExit("the program does not start:\n" + (folder / "log").read_text()[-4000:])


def run(schemathesis, base, who, token, folder):
    """One run. Returns whether all was as the document says."""
    print(f"\n== as {who}", flush=True)
    excluded = [flag for path in EXCLUDED for flag in ("--exclude-path", path)]
    command = [
        schemathesis, "--config-file", HERE / "schemathesis.toml", "run", f"{base}/api/openapi.json",
        "--header", f"Authorization: Bearer {token}",
        "--checks", CHECKS,
        "--phases", "examples,coverage,fuzzing",
        "--max-time", str(SECONDS),
        "--seed", "10", "--generation-deterministic",
        # One worker: what draws values is not safe with several.
        "--request-timeout", "15", "--max-redirects", "0", "--workers", "1", "--no-color",
        *excluded,
    ]
    return subprocess.run(command, cwd=folder).returncode == 0


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    schemathesis = tool()
    with tempfile.TemporaryDirectory(prefix="medai-schemathesis-") as folder:
        folder = pathlib.Path(folder)
        running, base = start(program, folder)
        try:
            student = call(base, "/api/auth/register", {
                "email": "student@story.example", "password": PASSWORD, "name": "Student",
            })
            admin = call(base, "/api/auth/login", {"email": ADMIN, "password": PASSWORD})
            # The student first: an admin may close the platform.
            tokens = [("a student", student["access_token"]), ("an admin", admin["access_token"])]
            fits = [run(schemathesis, base, who, token, folder) for who, token in tokens]
            lives = running.poll() is None
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=60)
        if not lives:
            print((folder / "log").read_text()[-4000:])
        panics = [line for line in (folder / "log").read_text().splitlines() if "panicked" in line]
        print("\n".join(panics))
        sys.exit(0 if all(fits) and lives and not panics else 1)


if __name__ == "__main__":
    main()
