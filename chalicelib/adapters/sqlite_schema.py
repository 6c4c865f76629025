"""The tables of the SQLite store, as numbered migrations.

The version of a file is how many of them it has had. Columns beside a JSON `document` repeat what is
searched and sorted by; instants are whole microseconds since 1970, UTC. A `document` that is a BLOB is
compressed, because it can be large.
"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE records (
            bucket TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, created_at INTEGER NOT NULL,
            state TEXT NOT NULL, next_sweep INTEGER, next_check INTEGER, document TEXT NOT NULL,
            PRIMARY KEY (bucket, id))
        """,
        "CREATE INDEX records_by_sweep ON records (next_sweep, bucket, id) WHERE next_sweep IS NOT NULL",
        "CREATE INDEX records_by_check ON records (next_check, bucket, id) WHERE next_check IS NOT NULL",
        """
        CREATE TABLE placed (
            bucket TEXT NOT NULL, sid TEXT NOT NULL, owner_bucket TEXT NOT NULL, owner_id TEXT NOT NULL,
            PRIMARY KEY (bucket, sid, owner_bucket, owner_id),
            FOREIGN KEY (owner_bucket, owner_id) REFERENCES records ON DELETE CASCADE) WITHOUT ROWID
        """,
        "CREATE INDEX placed_by_owner ON placed (owner_bucket, owner_id)",
        """
        CREATE TABLE reports (
            bucket TEXT NOT NULL, inventory_id TEXT NOT NULL, id TEXT NOT NULL,
            created_at INTEGER NOT NULL, outcome TEXT NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (bucket, inventory_id, id),
            FOREIGN KEY (bucket, inventory_id) REFERENCES records ON DELETE CASCADE)
        """,
        "CREATE INDEX reports_by_time ON reports (bucket, inventory_id, created_at, id)",
        """
        CREATE INDEX reports_unsettled ON reports (bucket, inventory_id, created_at, id)
            WHERE outcome <> 'complete'
        """,
        """
        CREATE TABLE notices (
            id TEXT PRIMARY KEY NOT NULL, channel TEXT NOT NULL, bucket TEXT NOT NULL,
            inventory_id TEXT NOT NULL, created_at INTEGER NOT NULL, place INTEGER NOT NULL,
            state TEXT NOT NULL, not_before INTEGER, claim TEXT, claimed_until INTEGER,
            document TEXT NOT NULL)
        """,
        "CREATE INDEX notices_waiting ON notices (created_at, place, id) WHERE state = 'waiting'",
        """
        CREATE INDEX notices_in_line ON notices (channel, bucket, inventory_id, created_at, place, id)
            WHERE state = 'waiting'
        """,
        "CREATE TABLE leases (name TEXT PRIMARY KEY NOT NULL, holder TEXT NOT NULL, until INTEGER NOT NULL)",
    ),
    (
        "ALTER TABLE notices ADD COLUMN waits_since INTEGER NOT NULL DEFAULT 0",
        "UPDATE notices SET waits_since = created_at",  # until now, nothing held one back
        "CREATE INDEX notices_by_age ON notices (waits_since) WHERE state = 'waiting'",
        "CREATE INDEX notices_by_time ON notices (created_at, id)",
        "CREATE INDEX notices_by_state ON notices (state, created_at, id)",
        "CREATE INDEX notices_by_channel ON notices (channel, state, created_at, id)",
        "CREATE TABLE channels (name TEXT PRIMARY KEY NOT NULL, document TEXT NOT NULL)",
    ),
    (
        """
        CREATE TABLE history (
            bucket TEXT NOT NULL, inventory_id TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (bucket, inventory_id, number))
        """,  # of no record: it stays when that goes
    ),
    (
        """
        CREATE TABLE jobs (
            bucket TEXT NOT NULL, inventory_id TEXT NOT NULL, report_id TEXT NOT NULL,
            revision INTEGER NOT NULL, made_at INTEGER NOT NULL, next_look INTEGER NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (bucket, inventory_id, report_id),
            FOREIGN KEY (bucket, inventory_id) REFERENCES records ON DELETE CASCADE)
        """,
        "CREATE INDEX jobs_by_look ON jobs (next_look, bucket, inventory_id, report_id)",
        """
        CREATE TABLE parts (
            bucket TEXT NOT NULL, inventory_id TEXT NOT NULL, report_id TEXT NOT NULL,
            number INTEGER NOT NULL, document BLOB NOT NULL,
            PRIMARY KEY (bucket, inventory_id, report_id, number),
            FOREIGN KEY (bucket, inventory_id, report_id) REFERENCES jobs ON DELETE CASCADE)
        """,
        """
        CREATE TABLE contents (
            bucket TEXT NOT NULL, inventory_id TEXT NOT NULL, report_id TEXT NOT NULL, document BLOB NOT NULL,
            PRIMARY KEY (bucket, inventory_id, report_id),
            FOREIGN KEY (bucket, inventory_id) REFERENCES records ON DELETE CASCADE)
        """,
        """
        CREATE TABLE points (
            bucket TEXT NOT NULL, inventory_id TEXT NOT NULL, report_id TEXT NOT NULL,
            taken_at INTEGER NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (bucket, inventory_id, report_id),
            FOREIGN KEY (bucket, inventory_id) REFERENCES records ON DELETE CASCADE)
        """,
        "CREATE INDEX points_by_time ON points (bucket, inventory_id, taken_at, report_id)",
    ),
    ("CREATE INDEX notices_by_inventory ON notices (bucket, inventory_id, created_at, id)",),
)
"""What each version adds to the one before. Never change one that was released; append."""
