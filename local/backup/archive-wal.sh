#!/bin/sh
# Postgres' archive_command: archive-wal.sh SOURCE TARGET puts a finished file of the log into the folder of a backup, as
# TARGET.gz. A file that is half there never bears its name, one that is there is never overwritten, and it is on disk
# before Postgres hears that it may forget its own. By `ln`, which fails where `mv` would overwrite.
set -eu
source=$1
target=$2.gz
partial=$target.$$.partial
trap 'rm -f "$partial"' EXIT
gzip -1 -n -c "$source" >"$partial"
sync "$partial"
if ! ln "$partial" "$target" 2>/dev/null; then
  if ! [ -e "$target" ]; then
    echo "archive-wal: $target cannot be made: its folder must take hard links" >&2
    exit 1
  fi
  # Kept before, and Postgres was not told, as when it was killed in between: the same again is kept already.
  if ! gzip -dc "$target" | cmp -s - "$source"; then
    echo "archive-wal: $target is there with other contents, and is never overwritten" >&2
    exit 1
  fi
fi
sync "$(dirname "$target")"
