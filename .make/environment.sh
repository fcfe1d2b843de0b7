# environment.sh FOLDER REQUIREMENTS...: have a virtual environment that holds exactly these.
set -eu
cd "$(dirname "$0")/.."
python=$(sh .make/python.sh)
exec "$python" .make/environment.py "$@"
