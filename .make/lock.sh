# requirements*.in -> requirements*.txt: every package pinned with its hashes, for Python 3.11-3.13
# on every platform. No addresses and no paths: the lock installs from whatever registry pip knows.
set -eu
cd "$(dirname "$0")/.."
for name in requirements requirements-dev; do # in this order: the second obeys the first
    .venv-test/bin/python -m uv pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
        --output-file "$name.txt" "$@" "$name.in"
done
