//! The collection: a stranger's database, read from memory. Before a row of it is read, all that could run is refused.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, config::DbConfig, limits::Limit};

use super::{
    archive::{Archive, Form},
    lenient,
};
use crate::{
    Limits, Refusal,
    refusal::{Oddity, Part},
};

/// Bytes of one row: no note of Anki's comes near.
const ROW: i32 = 8 << 20;

/// Steps of a query between two looks at how many there were.
const STRIDE: i32 = 10_000;

/// The tables that are read.
const TABLES: [&str; 9] =
    ["col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "config"];

/// A collection that is open and holds nothing that runs.
pub(super) struct Database {
    connection: Connection,
    spent: Arc<AtomicBool>,
}

impl Database {
    /// Unpacks it twice, the first time to count: so it stands in memory once.
    pub(super) fn open<R: Read + io::Seek>(
        archive: &mut Archive<R>,
        form: Form,
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let Form { collection: name, zstd } = form;
        let most = limits.collection;
        let length = archive.entry(name, zstd, most, |entry| io::copy(entry, &mut io::sink()));
        let length = length.map_err(|missing| archive.refusal(&missing, Part::Collection, most))?;
        let size = usize::try_from(length).map_err(|_large| Refusal::too_large(Part::Collection, most))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            Connection::open_with_flags(":memory:", flags).map_err(|_error| Refusal::Damaged)?;
        if size < 512 {
            return Err(Refusal::Damaged);
        }
        let loaded = archive.entry(name, zstd, most, |entry| {
            let unlogged = Unlogged { inner: entry, at: 0 };
            connection.deserialize_read_exact("main", unlogged, size, true).map_err(io::Error::other)
        });
        loaded.map_err(|missing| archive.refusal(&missing, Part::Collection, most))?;
        let database = Self { connection, spent: Arc::default() };
        database.confine(limits).map_err(|error| database.refusal(&error))?;
        database.refuse_what_runs()?;
        Ok(database)
    }

    fn confine(&self, limits: &Limits) -> rusqlite::Result<()> {
        let connection = &self.connection;
        for (setting, on) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        ] {
            connection.set_db_config(setting, on)?;
        }
        for (limit, most) in [
            (Limit::SQLITE_LIMIT_LENGTH, ROW),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
            (Limit::SQLITE_LIMIT_COLUMN, 100),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 20),
            (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 4),
            (Limit::SQLITE_LIMIT_VDBE_OP, 10_000),
            (Limit::SQLITE_LIMIT_FUNCTION_ARG, 8),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
            (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 10),
            (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
            (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            connection.set_limit(limit, most)?;
        }
        let (steps, most, spent) = (AtomicU64::new(0), limits.steps, self.spent.clone());
        connection.progress_handler(
            STRIDE,
            Some(move || {
                let over = steps.fetch_add(STRIDE.unsigned_abs().into(), Ordering::Relaxed) > most;
                spent.store(over, Ordering::Relaxed);
                over
            }),
        )?;
        connection.execute_batch(
            "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA query_only=ON;",
        )
    }

    fn refuse_what_runs(&self) -> Result<(), Refusal> {
        let mut odd = None;
        self.each("SELECT type, upper(sql), rootpage FROM sqlite_schema", usize::MAX, Part::Types, |row| {
            let sql = lenient::text(row, 1);
            let found = match lenient::text(row, 0).as_str() {
                "view" => Some(Oddity::View),
                "trigger" => Some(Oddity::Trigger),
                "table" if sql.trim_start().starts_with("CREATE VIRTUAL") => Some(Oddity::VirtualTable),
                "table" | "index" if lenient::number(row, 2) > 0 => None,
                _ => Some(Oddity::UnknownTable),
            };
            odd = odd.or(found);
        })?;
        for table in TABLES {
            // The column `hidden` is 2 or 3 where a value is computed.
            self.each(&format!("PRAGMA table_xinfo('{table}')"), usize::MAX, Part::Types, |row| {
                if lenient::number(row, 6) > 0 {
                    odd = odd.or(Some(Oddity::ComputedColumn));
                }
            })?;
        }
        odd.map_or(Ok(()), |odd| Err(Refusal::Suspicious(odd)))
    }

    pub(super) fn has_table(&self, table: &str) -> Result<bool, Refusal> {
        let mut found = false;
        self.each("SELECT name FROM sqlite_schema WHERE type = 'table'", usize::MAX, Part::Types, |row| {
            found |= lenient::text(row, 0) == table;
        })?;
        Ok(found)
    }

    /// Lets every row of a query be seen; more of them than allowed are refused.
    pub(super) fn each(
        &self,
        sql: &str,
        most: usize,
        part: Part,
        mut see: impl FnMut(&Row<'_>),
    ) -> Result<(), Refusal> {
        let mut read = || -> rusqlite::Result<bool> {
            let mut statement = self.connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut seen = 0;
            while let Some(row) = rows.next()? {
                if seen == most {
                    return Ok(false);
                }
                seen += 1;
                see(row);
            }
            Ok(true)
        };
        match read() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::too_many(part, most)),
            Err(error) => Err(self.refusal(&error)),
        }
    }

    fn refusal(&self, error: &rusqlite::Error) -> Refusal {
        if self.spent.load(Ordering::Relaxed) {
            return Refusal::TooMuchWork;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::TooBig) => Refusal::too_large(Part::Text, ROW.unsigned_abs().into()),
            Some(ErrorCode::OperationInterrupted) => Refusal::TooMuchWork,
            _ => Refusal::Damaged,
        }
    }
}

/// A database as if it had no log beside it: in memory none can be, and one that says so can't be opened.
struct Unlogged<'a> {
    inner: &'a mut dyn Read,
    at: u64,
}

impl Read for Unlogged<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for (place, byte) in (self.at..).zip(buffer.iter_mut().take(read)) {
            if place > 19 {
                break;
            }
            if place >= 18 && *byte == 2 {
                *byte = 1;
            }
        }
        self.at += read as u64;
        Ok(read)
    }
}
