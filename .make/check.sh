# make check: every check runs, also after one has failed; the end says which did.
cd "$(dirname "$0")/.." || exit 1
python=.venv-test/bin/python
failed=

check() { # check "what it is about" command...
    what=$1
    shift
    echo "== $what"
    "$@" || failed="$failed, $what"
}

migrations_in_step() { # an empty database, brought up to date, must be what the models say
    folder=$(mktemp -d)
    DATA_DIR=$folder DATABASE_URL="" REDIS_URL="" "$python" -m flask --app wsgi db upgrade &&
        DATA_DIR=$folder DATABASE_URL="" REDIS_URL="" "$python" -m flask --app wsgi db check
    outcome=$?
    rm -r "$folder"
    return $outcome
}

check "lint" $python -m ruff check .
check "format" $python -m ruff format --check .
check "types" $python -m mypy
check "import contracts" $python -c \
    "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo --no-cache
check "architecture" $python -m pytest -q -p no:cacheprovider tests/test_architecture.py
check "templates" $python -m djlint --lint --quiet templates
check "translations" $python .make/texts.py check
check "migrations" migrations_in_step
check "requirements" $python -m pip check

[ -z "$failed" ] || echo "make check: these failed: ${failed#, }" >&2
[ -z "$failed" ]
