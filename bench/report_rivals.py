"""The same summary by polars, by pyarrow and by DuckDB, each alone, in the way that its manual proposes.

Each answers how many rows there are, their bytes, and objects and bytes by age, so that it is seen that all
count the same.
"""

import gzip
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.report_data import COLUMNS, TAKEN_AT

AT = datetime.fromisoformat(TAKEN_AT)
AGES = (1, 7, 30, 90, 180, 365, 730)
SIZES = (0, 2**10, 2**14, 2**17, 2**20, 2**24, 2**27, 2**30, 2**34)
NEEDED = tuple(each for each in COLUMNS if each not in ("Bucket", "ETag"))
DIMENSIONS = (
    "IsLatest", "IsDeleteMarker", "temperature", "age", "size", "StorageClass", "EncryptionStatus",
    "ChecksumAlgorithm", "IsMultipartUploaded",
)  # fmt: skip
FLAGS = ("IsLatest", "IsDeleteMarker", "IsMultipartUploaded")
TIMES = ("LastModifiedDate", "LastAccessedDate")

Answer = tuple[int, int, list[Any]]


def by_polars(path: str, form: str) -> Answer:
    """With its streaming engine, which is the quicker one here."""
    import polars as pl  # noqa: PLC0415

    frame = _polars_frame(pl, path, form)
    accessed, modified, size = pl.col(TIMES[1]), pl.col(TIMES[0]), pl.col("Size")
    age: Any = pl.when(modified.is_null()).then(8)
    bucket: Any = pl.when(size.is_null()).then(10)
    for at, days in enumerate(AGES):
        age = age.when(modified >= AT - timedelta(days)).then(at)
    for at, bound in enumerate(SIZES):
        bucket = bucket.when(size <= bound).then(at)
    temperature = (
        pl.when(accessed.is_null()).then(3).when(accessed >= AT - timedelta(7)).then(0)
        .when(accessed >= AT - timedelta(30)).then(1).otherwise(2)
    )  # fmt: skip
    frame = frame.with_columns(
        temperature=temperature.cast(pl.Int8),
        age=age.otherwise(7).cast(pl.Int8),
        size=bucket.otherwise(9).cast(pl.Int8),
        prefix=pl.col("Key").str.extract(r"^((?:[^/]*/){0,2})"),
    )
    amount = [pl.len().alias("n"), size.sum().alias("b")]
    cold = size.filter(pl.col("temperature") == 2).sum().alias("c")
    queries = [frame.group_by(each).agg([*amount, cold]) for each in (*DIMENSIONS, "prefix")]
    largest = frame.select("Size", "Key", "VersionId").top_k(20, by=["Size", "Key"], reverse=[False, True])
    found = pl.collect_all([*queries, largest], engine="streaming")
    return int(found[0]["n"].sum()), int(found[0]["b"].sum()), sorted(found[3].drop("c").rows())


def _polars_frame(pl: Any, path: str, form: str) -> Any:
    types = dict.fromkeys(COLUMNS, pl.String) | {"Size": pl.Int64} | dict.fromkeys(FLAGS, pl.Boolean)
    if form == "Parquet":
        return pl.scan_parquet(path)
    if form == "ORC":  # which it does not read itself
        from pyarrow import orc  # noqa: PLC0415

        frame = pl.from_arrow(orc.ORCFile(path).read(columns=list(NEEDED))).lazy()
        return frame.with_columns(pl.col(TIMES).dt.replace_time_zone(None))
    if form == "JSON":
        frame = pl.scan_ndjson(path, schema=types)
    else:
        frame = pl.scan_csv(path, has_header=False, schema=types, separator="," if form == "CSV" else "\t")
    return frame.with_columns(
        pl.col(TIMES).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", strict=False)
    )


def by_duckdb(path: str, form: str) -> Answer:
    """One statement with grouping sets, and one for the largest."""
    import duckdb  # noqa: PLC0415

    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
    types = (
        dict.fromkeys(COLUMNS, "VARCHAR") | {"Size": "BIGINT"} | dict.fromkeys(FLAGS, "BOOLEAN")
        | dict.fromkeys(TIMES, "TIMESTAMP")
    )  # fmt: skip
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in types.items()) + "}"
    if form == "Parquet":
        source = f"'{path}'"
    elif form == "ORC":  # which it does not read itself
        from pyarrow import orc  # noqa: PLC0415

        db.register("rows", orc.ORCFile(path).read(columns=list(NEEDED)))
        source = "rows"
    elif form == "JSON":
        source = f"read_json('{path}', format = 'newline_delimited', columns = {columns})"
    else:
        delimiter = "," if form == "CSV" else "\t"
        source = (
            f"read_csv('{path}', header = false, auto_detect = false, quote = '\"', escape = '\"',"
            f" delim = '{delimiter}', columns = {columns})"
        )
    sets = ", ".join(f"({each})" for each in (*DIMENSIONS, "prefix"))
    found = db.execute(
        f"""SELECT grouping_id(age) AS g, age, count(*) AS n, sum("Size") AS b,
        sum("Size") FILTER (temperature = 2) FROM ({_derived(source)}) GROUP BY GROUPING SETS ({sets})"""
    ).fetchall()
    db.execute(
        f'SELECT "Size", "Key", "VersionId" FROM {source} ORDER BY 1 DESC NULLS LAST, 2 LIMIT 20'
    ).fetchall()
    ages = sorted((age, n, int(b or 0)) for grouped, age, n, b, _ in found if grouped == 0)
    return sum(n for _, n, _ in ages), sum(b for _, _, b in ages), ages


def _derived(source: str) -> str:
    at = f"TIMESTAMP '{TAKEN_AT}'"
    ages = " ".join(
        f'WHEN "LastModifiedDate" >= {at} - INTERVAL {days} DAY THEN {n}' for n, days in enumerate(AGES)
    )
    sizes = " ".join(f'WHEN "Size" <= {bound} THEN {n}' for n, bound in enumerate(SIZES))
    return f"""SELECT *, CASE WHEN "LastModifiedDate" IS NULL THEN 8 {ages} ELSE 7 END AS age,
      CASE WHEN "Size" IS NULL THEN 10 {sizes} ELSE 9 END AS size,
      CASE WHEN "LastAccessedDate" IS NULL THEN 3 WHEN "LastAccessedDate" >= {at} - INTERVAL 7 DAY THEN 0
        WHEN "LastAccessedDate" >= {at} - INTERVAL 30 DAY THEN 1 ELSE 2 END AS temperature,
      regexp_extract("Key", '^(?:[^/]*/){{0,2}}') AS prefix FROM {source}"""


def by_pyarrow(path: str, form: str) -> Answer:
    """A table, and a group_by for each dimension."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    table = _arrow_table(pa, path, form)
    modified, accessed, size = table[TIMES[0]], table[TIMES[1]], table["Size"]
    since = partial(_since, pa, modified.type)
    age = _case(
        pa,
        pc,
        [(pc.is_null(modified), 8), *((pc.greater_equal(modified, since(d)), n) for n, d in enumerate(AGES))],
        7,
    )
    bucket = _case(
        pa, pc, [(pc.is_null(size), 10), *((pc.less_equal(size, b), n) for n, b in enumerate(SIZES))], 9
    )
    hot, warm = pc.greater_equal(accessed, since(7)), pc.greater_equal(accessed, since(30))
    temperature = _case(pa, pc, [(pc.is_null(accessed), 3), (hot, 0), (warm, 1)], 2)
    prefix = pc.struct_field(pc.extract_regex(table["Key"], r"^(?P<p>(?:[^/]*/){0,2})"), "p")
    cold = pc.if_else(pc.equal(temperature, 2), size, 0)
    for name, values in (
        ("age", age),
        ("size", bucket),
        ("temperature", temperature),
        ("prefix", prefix),
        ("cold", cold),
    ):
        table = table.append_column(name, values)
    asked = [([], "count_all"), ("Size", "sum"), ("cold", "sum")]
    found = {each: table.group_by(each).aggregate(asked) for each in (*DIMENSIONS, "prefix")}
    pc.select_k_unstable(table.select(["Size", "Key"]), 20, [("Size", "descending"), ("Key", "ascending")])
    ages = found["age"].select(["age", "count_all", "Size_sum"])
    return (
        table.num_rows,
        pc.sum(size).as_py(),
        sorted(zip(*(each.to_pylist() for each in ages.columns), strict=True)),
    )


def _since(pa: Any, kind: Any, days: int) -> Any:
    moment = AT - timedelta(days)
    return pa.scalar(moment if kind.tz is None else moment.replace(tzinfo=UTC), kind)


def _case(pa: Any, pc: Any, cases: list[tuple[Any, int]], other: int) -> Any:
    conditions = pc.make_struct(*(pc.fill_null(each, False) for each, _ in cases))
    return pc.case_when(conditions, *(pa.scalar(n, pa.int8()) for _, n in cases), pa.scalar(other, pa.int8()))


def _arrow_table(pa: Any, path: str, form: str) -> Any:
    import pyarrow.csv as pcsv  # noqa: PLC0415
    import pyarrow.json as pjson  # noqa: PLC0415
    import pyarrow.orc as porc  # noqa: PLC0415
    import pyarrow.parquet as pparquet  # noqa: PLC0415

    types = (
        dict.fromkeys(NEEDED, pa.string()) | {"Size": pa.int64()} | dict.fromkeys(FLAGS, pa.bool_())
        | dict.fromkeys(TIMES, pa.timestamp("us", "UTC"))
    )  # fmt: skip
    if form == "Parquet":
        return pparquet.read_table(path, columns=list(NEEDED))
    if form == "ORC":
        return porc.ORCFile(path).read(columns=list(NEEDED))
    if form == "JSON":
        with gzip.open(path) as file:
            return pjson.read_json(
                file,
                parse_options=pjson.ParseOptions(
                    pa.schema(list(types.items())), unexpected_field_behavior="ignore"
                ),
            )
    return pcsv.read_csv(
        path,
        read_options=pcsv.ReadOptions(column_names=list(COLUMNS)),
        parse_options=pcsv.ParseOptions(delimiter="," if form == "CSV" else "\t"),
        convert_options=pcsv.ConvertOptions(
            include_columns=list(NEEDED), column_types=types, strings_can_be_null=True
        ),
    )


RIVALS: Mapping[str, Callable[[str, str], Answer]] = {
    "polars": by_polars,
    "pyarrow": by_pyarrow,
    "DuckDB": by_duckdb,
}
