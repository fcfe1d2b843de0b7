# Print the first Python that can really build an environment, or say in one sentence what is missing.
#
# Every command of a name on PATH is tried: one that exists but does not start, as version
# managers leave them, counts as absent.

probe='
import sys
version = "%d.%d" % sys.version_info[:2]
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    print("version", version, "-")
    sys.exit()
for module in ("venv", "ensurepip", "ssl", "sqlite3"):
    try:
        __import__(module)
    except ImportError:
        print("lacks", version, module)
        sys.exit()
# Inside another environment: the Python behind it, so that the two do not hang together.
print("good", version, getattr(sys, "_base_executable", None) or sys.executable)
'

lacking=
others=
for name in python3.13 python3.12 python3.11 python3; do
    rest=$PATH:
    while [ -n "$rest" ]; do
        command=${rest%%:*}/$name
        rest=${rest#*:}
        case $command in /*) ;; *) continue ;; esac
        [ -x "$command" ] && [ ! -d "$command" ] || continue
        answer=$("$command" -I -c "$probe" 2>/dev/null </dev/null | tail -n 1) || continue
        about=${answer#* }
        case $answer in
            "good "*) echo "${about#* }"; exit 0 ;;
            "lacks "*) [ -n "$lacking" ] || lacking=$about ;;
            "version "*) case $others in *"${about%% *}"*) ;; *) others="$others ${about%% *}" ;; esac ;;
        esac
    done
done

version=${lacking%% *}
module=${lacking##* }
case $module in
    "") echo "Open Talks needs the package python3 in version 3.11, 3.12 or 3.13${others:+ (found only$others)}, and python3-venv with it." ;;
    venv | ensurepip) echo "Open Talks needs the package python$version-venv: Python $version is here, but has no module $module." ;;
    *) echo "Open Talks needs the package libpython$version-stdlib: Python $version is here, but has no module $module." ;;
esac >&2
exit 1
