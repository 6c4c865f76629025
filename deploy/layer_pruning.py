"""What the wheels of the layer carry and reading data files never uses.

Two thirds of pyarrow are for other storage, for its network protocol and for building against it. What is
left is tried out with each format before it is packed, so that a name that goes too far is noticed.
"""

import re
from pathlib import Path

from deploy.pruning import prune

_UNUSED = re.compile(
    r"""
      pyarrow/(?:include|includes|src|tests|interchange)/.*
    | pyarrow/lib(?:arrow|arrow_python)_(?:flight|s3|parquet_encryption)\.so.*
    | pyarrow/_(?:azurefs|cuda|flight|gcsfs|hdfs|s3fs|substrait|pyarrow_cpp_tests)\..*
    | pyarrow/_(?:dataset_)?parquet_encryption\..*
    | pyarrow/libarrow_python\.so(?:\.\d+\.\d+\.\d+)?  # copies of the one with one number at its end
    | pyarrow/(?:benchmark|conftest|cuda|flight|jvm|substrait)\.py
    | .*\.(?:pyi|pyx|pxd|pxi|h|hpp|c|cpp|a|lib)
    | (?:adbc_driver_duckdb|_duckdb-stubs|duckdb/experimental)/.*
    | bin/.*
    | (?:.*/)?__pycache__/.*
    | (?:.*/)?tests?/.*
    """,
    re.VERBOSE,
)


def unused(name: str) -> bool:
    """Whether this file of the layer, by its path in it, is never used."""
    return _UNUSED.fullmatch(name) is not None


def prune_layer(folder: Path) -> None:
    """Remove from the unpacked layer what is never used."""
    prune(folder, unused)
