"""Attaches this process to a debugger: what ``pydevd.sh`` and ``debugpy.sh`` ask for."""

import os
import sys


def attach():
    """Attach to the debugger that ``IXC_DEBUGGER`` names, unless another process is the one to debug.

    Only one process of a command is attached: a debugger's port is for one.
    """
    command, reloader = sys.argv[1:2], {"RUN_MAIN", "WERKZEUG_RUN_MAIN"}
    watches = command in (["runserver"], ["runserver_plus"]) and "--noreload" not in sys.argv
    if (watches and not reloader & set(os.environ)) or command == ["test"]:
        return
    name = os.environ.pop("IXC_DEBUGGER")
    host, port = os.environ.get("PYDEVD_HOST", ""), int(os.environ.get("PYDEVD_PORT") or 5678)
    if name == "pydevd":
        import pydevd_pycharm

        # By position, since the names differ between versions: output to the debugger, port, stop here.
        pydevd_pycharm.settrace(host or "localhost", True, True, port, False)
        return
    import debugpy

    if host:
        debugpy.connect((host, port))
    else:
        debugpy.listen((os.environ["DEBUGPY_HOST"], int(os.environ["DEBUGPY_PORT"])))
    if os.environ.get("DEBUGPY_WAIT") != "0":
        debugpy.wait_for_client()
