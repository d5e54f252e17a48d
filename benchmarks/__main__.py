"""Runs one benchmark or all; each prints its figures beside the limit that was measured in the same run."""

import sys

from benchmarks import books, configuration, dispatch, documents, month, provisioning, region

BENCHMARKS = {
    "books": books.main,
    "configuration": configuration.main,
    "dispatch": dispatch.main,
    "documents": documents.main,
    "month": month.main,
    "provisioning": provisioning.main,
    "region": region.main,
}


def main() -> int:
    names = sys.argv[1:2] or list(BENCHMARKS)
    for name in names:
        if name not in BENCHMARKS:
            print(f"no benchmark {name!r}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
            return 2
        BENCHMARKS[name](sys.argv[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
