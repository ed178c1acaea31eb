"""What we ship, and what is known against it: `make sbom`, `make audit`.

    python -m tests.supply_chain sbom  .venv/tools/bin     # var/sbom/python.json, var/sbom/npm.json
    python -m tests.supply_chain audit .venv/tools/bin

Both read the lock files, not an environment. Exit codes of audit: 0 nothing known, 1 something is
known, 3 a list could not be reached, so nothing is known about what it would say.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from frontend.install_and_build import find_node

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ("requirements.lock", "frontend/requirements.lock")
# Their lists: PyPI's own, the Open Source Vulnerabilities of Google.
SERVICES = ("pypi", "osv")
KNOWN, UNREACHED = 1, 3


def sbom(tools: Path) -> int:
    folder = ROOT / "var" / "sbom"
    folder.mkdir(parents=True, exist_ok=True)
    together = folder / "requirements.lock"
    together.write_text("\n".join((ROOT / name).read_text() for name in SHIPPED))
    command = [
        tools / "cyclonedx-py",
        "requirements",
        together,
        "--output-reproducible",
        "--no-validate",
    ]
    run([*command, "--of", "JSON", "--output-file", folder / "python.json"])
    together.unlink()
    (folder / "npm.json").write_text(json.dumps(npm_components(), indent=2))
    for name in ("python.json", "npm.json"):
        count = len(json.loads((folder / name).read_text())["components"])
        say(f"{folder / name}: {count} packages")
    return 0


def npm_components() -> dict[str, object]:
    """What package-lock.json holds. npm's own `sbom` refuses while an old package names an older
    React as its peer, which ours is built with all the same."""
    locked = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
    components = [
        {
            "type": "library",
            "name": (name := path.rpartition("node_modules/")[2]),
            "version": entry["version"],
            "purl": f"pkg:npm/{name.replace('@', '%40')}@{entry['version']}",
            "scope": "excluded" if entry.get("dev") else "required",
            "hashes": [
                {"alg": "SHA-512", "content": base64.b64decode(digest).hex()}
                for kind, _, digest in [entry.get("integrity", "").partition("-")]
                if kind == "sha512"
            ],
        }
        for path, entry in sorted(locked.items())
        if path and "version" in entry
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}


def audit(tools: Path) -> int:
    python = [audit_python(tools, service) for service in SERVICES]
    # One list of Python packages is enough for an answer.
    return worst([worst(python) if KNOWN in python else min(python), audit_npm()])


def worst(codes: list[int]) -> int:
    return KNOWN if KNOWN in codes else max(codes)


def audit_python(tools: Path, service: str) -> int:
    command = [tools / "pip-audit", "--require-hashes", "--disable-pip", "--timeout", "10"]
    command += ["--progress-spinner", "off", "--format", "json", "--vulnerability-service", service]
    done = run([*command, *(part for name in SHIPPED for part in ("-r", name))], check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        say(f"{service}: not reached, so it says nothing")
        return UNREACHED
    known = [f"{one['name']} {fault['id']}" for one in found for fault in one.get("vulns", [])]
    for line in known:
        say(f"{service}: {line}")
    # pip-audit calls a package that its source does not know skipped, and ends with 0.
    skipped = sum("skip_reason" in one for one in found)
    say(f"{service}: {len(known)} known; {skipped} of {len(found)} packages it does not know")
    if known:
        return KNOWN
    return UNREACHED if skipped else 0


def audit_npm() -> int:
    done = npm("audit", "--omit=dev", "--json", "--package-lock-only", check=False)
    try:
        found = json.loads(done.stdout)["metadata"]["vulnerabilities"]
    except (ValueError, KeyError):
        say("npm: not reached, so it says nothing")
        return UNREACHED
    say(f"npm: {found['total']} known")
    return KNOWN if found["total"] else 0


def npm(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    folder, command = find_node()
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return run([*command, *words], cwd=ROOT / "frontend", path=path, check=check)


def run(
    command: list[object], *, cwd: Path = ROOT, path: str = "", check: bool = True
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": path or os.environ.get("PATH", "")}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"{words[0]} failed:\n{done.stderr or done.stdout}")
    return done


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit({"sbom": sbom, "audit": audit}[sys.argv[1]](Path(sys.argv[2]).absolute()))
