# make run: everything from an empty checkout to a served programme, and the same again in seconds.
set -eu
cd "$(dirname "$0")/.."
python=$(sh .make/python.sh)
"$python" .make/port.py
"$python" .make/environment.py .venv requirements.txt
"$python" .make/port.py # the set-up may have taken a minute
exec .venv/bin/python .make/prepare.py
