#!/bin/sh
# Prints the newest Python on this machine that kurs can run on, or says what is missing.
# PYTHON=/path/to/python overrides the search.
set -eu

runs() { "$1" -c "$2" >/dev/null 2>&1; }
floor='import sys; sys.exit(sys.version_info < (3, 11))'
tested='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
makes_environments='import ensurepip, venv'

if [ -n "${PYTHON:-}" ]; then
    if ! runs "$PYTHON" "$floor"; then
        echo "PYTHON=$PYTHON is not a Python 3.11 or newer." >&2
        exit 1
    fi
    echo "$PYTHON"
    exit 0
fi

bare=
for candidate in python3.14 python3.13 python3.12 python3.11 python3 python; do
    runs "$candidate" "$tested" || continue
    if runs "$candidate" "$makes_environments"; then
        echo "$candidate"
        exit 0
    fi
    bare="$bare $candidate"
done

if [ -n "$bare" ]; then
    echo "Found$bare, but without the parts that make a virtual environment (venv, ensurepip)." >&2
    echo "On Debian and Ubuntu: apt-get install python3-venv" >&2
else
    echo "kurs needs Python 3.11, 3.12, 3.13 or 3.14; none is on the PATH." >&2
    echo "Install one, or name it: make install PYTHON=/path/to/python3.12" >&2
fi
exit 1
