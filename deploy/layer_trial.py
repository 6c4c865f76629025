"""Read each format with what is in a folder: `python -I -S layer_trial.py FOLDER`.

It runs in an interpreter that has its standard library and nothing else, as the layer is tried out in it.
What is missing, or was trimmed away and is needed after all, is an error here and not in the middle of the
night.
"""

import importlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROWS = 3


def main(folder: str) -> None:
    """Raises whatever goes wrong."""
    sys.path.insert(0, folder)
    pa, duckdb = importlib.import_module("pyarrow"), importlib.import_module("duckdb")
    table = pa.table({"Key": ["a/1", "b/2", "c/3"], "Size": [1, 2, 3]})
    for found in (_csv(), _json(), _parquet(table), _orc(table)):
        assert found.to_pydict() == table.to_pydict(), found
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.register("found", table)
        for what in ("found", *_written(table, Path(folder))):
            counted = connection.execute(f"select count(*), sum(Size) from {what} where url_decode(Key) > ''")
            assert counted.fetchall() == [(ROWS, 6)], what


def _written(table: Any, folder: Path) -> Iterator[str]:
    """Files with the table, as DuckDB reads them: by itself, with no extension to be fetched."""
    rows = table.to_pylist()
    (folder / "file.csv").write_text("".join("{Key},{Size}\n".format(**each) for each in rows))
    (folder / "file.json").write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    importlib.import_module("pyarrow.parquet").write_table(table, folder / "file.parquet")
    yield f"read_csv('{folder}/file.csv', names = ['Key', 'Size'], header = false)"
    yield f"read_json('{folder}/file.json', format = 'newline_delimited')"
    yield f"read_parquet('{folder}/file.parquet')"


def _csv() -> Any:
    csv = importlib.import_module("pyarrow.csv")
    return csv.read_csv(_inflated(b"Key,Size\na/1,1\nb/2,2\nc/3,3\n"))


def _json() -> Any:
    lines = b"".join(b'{"Key": "%c/%d", "Size": %d}\n' % (96 + n, n, n) for n in (1, 2, 3))
    return importlib.import_module("pyarrow.json").read_json(_inflated(lines))


def _inflated(content: bytes) -> io.BytesIO:
    """Through gzip and back, by isal."""
    igzip = importlib.import_module("isal.igzip")
    inflater = importlib.import_module("isal.isal_zlib").decompressobj(wbits=31)
    return io.BytesIO(inflater.decompress(igzip.compress(content)))


def _parquet(table: Any) -> Any:
    parquet = importlib.import_module("pyarrow.parquet")
    file = io.BytesIO()
    parquet.write_table(table, file, compression="snappy")
    (batch,) = parquet.ParquetFile(file).iter_batches()
    return batch


def _orc(table: Any) -> Any:
    orc, dataset = importlib.import_module("pyarrow.orc"), importlib.import_module("pyarrow.dataset")
    with TemporaryDirectory() as folder:
        path = f"{folder}/file.orc"
        orc.write_table(table, path, compression="zlib")
        (batch,) = dataset.dataset(path, format="orc").scanner(use_threads=False).to_batches()
    return batch


if __name__ == "__main__":
    main(sys.argv[1])
