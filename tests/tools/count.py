"""What a JUnit report of pytest says, for a script: "PASSED FAILED SKIPPED", or with --failed the failed tests, one a line.

A test is named as pytest takes it on its command line, from the repository's root.
"""

import sys
import xml.etree.ElementTree as ET

names = sys.argv[1:-1] == ["--failed"]
passed = skipped = 0
failed = []
for case in ET.parse(sys.argv[-1]).iter("testcase"):
    outcomes = {child.tag for child in case}
    if outcomes & {"failure", "error"}:
        name = f"tests/system/{case.get('classname').replace('.', '/')}.py::{case.get('name')}"
        # A test that failed and whose fixture then failed, too, is reported twice.
        if name not in failed:
            failed.append(name)
    elif "skipped" in outcomes:
        skipped += 1
    else:
        passed += 1
print("\n".join(failed) if names else f"{passed} {len(failed)} {skipped}")
