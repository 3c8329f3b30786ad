"""Facts about this machine: where tools, caches and certificates are."""

import os
import shutil
from pathlib import Path

CACHE = Path(os.environ.get("IXD_CACHE") or Path.home() / ".cache" / "ixd-template")
ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / "tests" / "tools"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# How a client on this machine reaches the package registries. Nothing else is handed on.
_NETWORK = (
    "CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS PIP_CERT REQUESTS_CA_BUNDLE SSL_CERT_DIR SSL_CERT_FILE PIP_INDEX_URL "
    "UV_DEFAULT_INDEX npm_config_registry http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY"
).split()


def clean_environment(**more):
    """The environment of a new user on this machine: PATH, HOME and the way to the network.

    HOME is kept between runs, so that pip and npm find in its caches what they fetched before.
    """
    home = CACHE / "home"
    home.mkdir(parents=True, exist_ok=True)
    env = {"PATH": SYSTEM_PATH, "HOME": str(home)}
    env |= {name: os.environ[name] for name in _NETWORK if os.environ.get(name)}
    return env | more


def tool(name):
    """The path of a program that tests/run has installed."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:{SYSTEM_PATH}")
    assert found, f"{name} is not on PATH; `tests/run system` installs what the tests need"
    return found


def as_user(name):
    """The start of a command line that runs as that user, when this is root; PostgreSQL refuses root."""
    if os.getuid():
        return []
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups"]
