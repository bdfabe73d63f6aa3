#!/usr/bin/env python3
"""One file, standard library only: makes .venv from requirements.lock and runs the suite.

    python3 run.py report [FOLDER] [options]   figures, report.html, .docx, .pdf, executed notebooks
    python3 run.py test [--all] [options]      lint, types, layers, tests (--all adds the long ones)
    python3 run.py lab                         JupyterLab on the notebooks
    python3 run.py lint                        ruff, mypy, layers, spelling
    python3 run.py bench                       the measured table of README
    python3 run.py clean                       removes .venv and caches (never your results)

The system's Python is never changed. A second call starts in seconds: the
environment is rebuilt only when requirements.lock or pyproject.toml changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "policy-themes.stamp")
OLDEST, NEWEST = (3, 11), (3, 13)


def stop(message):
    """End with one sentence on stderr and exit code 2."""
    sys.stderr.write("run.py: {}\n".format(message))
    sys.exit(2)


def check_python():
    """Refuse, in one sentence, a Python that cannot carry the suite."""
    have = sys.version_info[:2]
    if not OLDEST <= have <= NEWEST:
        stop(
            "Python {}.{} was used, and 3.11 to 3.13 is needed; "
            "install one (python.org, or your system's packages) and call it by name, "
            "for example: python3.11 run.py report".format(*have)
        )
    try:
        import ensurepip  # noqa: F401  (Debian ships it apart from python3)
        import venv  # noqa: F401
    except ImportError:
        stop(
            "this Python lacks the venv module; install it "
            "(Debian and Ubuntu: sudo apt install python{}.{}-venv) and call again".format(*have)
        )


def fingerprint(name):
    """Return the hash of a file of the project together with this Python and this place."""
    digest = hashlib.sha256(sys.version.encode())
    with open(os.path.join(ROOT, name), "rb") as stream:
        digest.update(stream.read())
    digest.update(ROOT.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def stamped():
    """Return what the environment was finished for: the hashes of the lock and of pyproject.toml."""
    try:
        with open(STAMP) as stream:
            return stream.read().split() if os.path.exists(PYTHON) else []
    except OSError:
        return []


def pip(*arguments):
    """Call the environment's own pip; on failure say what to do next."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.call(command + list(arguments)) != 0:
        stop(
            "pip could not install the libraries (its message is above); "
            "a network, or a mirror named in pip's own configuration, is needed once. "
            "Then call the same command again"
        )


def ensure_environment():
    """Make .venv hold exactly requirements.lock and this project."""
    check_python()
    wanted = [fingerprint("requirements.lock"), fingerprint("pyproject.toml")]
    found = stamped()
    if found == wanted:
        return
    if found[:1] != wanted[:1]:
        sys.stderr.write(
            "Installing the libraries into .venv (once, two to three minutes; the system's Python is left alone) …\n"
        )
        sys.stderr.flush()
        if os.path.exists(STAMP):
            os.remove(STAMP)
        if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
            stop("the environment .venv could not be made; is {} writable and the disk not full?".format(ROOT))
        pip("--no-deps", "-r", os.path.join(ROOT, "requirements.lock"))
    pip("--no-deps", "--no-build-isolation", "-e", ROOT)
    with open(STAMP, "w") as stream:
        stream.write(" ".join(wanted))


def call(*command):
    """Run a command of the environment and hand its exit code on."""
    environment = dict(os.environ, PYTHONUTF8="1")
    environment["PATH"] = BIN + os.pathsep + environment.get("PATH", "")
    try:
        return subprocess.call(list(command), cwd=os.getcwd(), env=environment)
    except KeyboardInterrupt:
        return 130


def suite(*arguments):
    """Call the installed command line."""
    return call(PYTHON, "-m", "policy_themes", *arguments)


def report(arguments):
    """Report on FOLDER (default: the five seeds), then run every notebook on it."""
    own = bool(arguments) and not arguments[0].startswith("-")
    folder = arguments.pop(0) if own else os.path.join(ROOT, "seeds")
    if "--out" not in arguments:
        name = os.path.basename(os.path.normpath(os.path.abspath(folder))) + "-report"
        arguments += ["--out", name if own else os.path.join(ROOT, "figures")]
    return suite("report", folder, "--notebooks", *arguments)


def lint(_arguments):
    """Every static check; all run, the first failure decides the exit code."""
    checks = (
        ("-m", "ruff", "check", ROOT),
        ("-m", "ruff", "format", "--check", ROOT),
        ("-m", "mypy", "--config-file", os.path.join(ROOT, "pyproject.toml")),
        ("-m", "codespell_lib", "--toml", os.path.join(ROOT, "pyproject.toml")),
    )
    os.chdir(ROOT)
    return max(call(PYTHON, *check) for check in checks)


def test(arguments):
    """Lint, then the tests; --all adds those marked long."""
    everything = "--all" in arguments
    rest = [argument for argument in arguments if argument != "--all"]
    os.chdir(ROOT)
    status = lint([])
    selection = [] if everything else ["-m", "not long"]
    # A file's tests go to one process, so that what they share (a folder read, figures drawn) is made once; in the
    # order of conftest.
    shared = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    # One thread a process for matrices: those of two processes on two cores wait for each other most of the time.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return call(PYTHON, "-m", "pytest", *shared, *selection, *rest) or status


def lab(arguments):
    """Open JupyterLab in the notebooks folder."""
    return call(PYTHON, "-m", "jupyter", "lab", os.path.join(ROOT, "notebooks"), *arguments)


def bench(arguments):
    """Print the measured table."""
    return call(PYTHON, os.path.join(ROOT, "tests", "benchmarks", "bench.py"), *arguments)


def clean(_arguments):
    """Remove what can be made again, and nothing else."""
    for name in (".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"):
        shutil.rmtree(os.path.join(ROOT, name), ignore_errors=True)
    return 0


VERBS = {"report": report, "test": test, "lint": lint, "lab": lab, "bench": bench, "clean": clean}


def main(arguments):
    """Find the verb, make the environment, run."""
    if not arguments or arguments[0] in ("-h", "--help"):
        sys.stdout.write(__doc__)
        return 0 if arguments else 2
    verb = VERBS.get(arguments[0])
    if verb is None:
        stop("`{}` is unknown; one of: {}".format(arguments[0], ", ".join(VERBS)))
    if verb is not clean:
        ensure_environment()
    return verb(list(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
