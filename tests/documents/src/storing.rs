//! What it costs to store the vectors of chunks: in binary, as medai does, and written out as text, as it did.

use std::{fmt::Write as _, path::Path};

use anyhow::Context as _;
use domain::{
    documents::{ChunkNumber, DIMENSIONS, chunks},
    ids::{DocumentId, UserId},
};
use rand::RngExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::{
    io::copy_bidirectional,
    net::{UnixListener, UnixStream},
};

use crate::{cost::Meter, lab::Lab};

/// Chunks of one document.
const CHUNKS: i32 = 1_000;

/// Vectors of one statement, as the worker stores them.
const AT_ONCE: usize = 64;

/// How often a thousand is stored: the server's processor time is told in hundredths of a second.
const ROUNDS: u32 = 20;

const MODEL: &str = "bench";

type Vectors = [(ChunkNumber, Option<Vec<f32>>)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Binary,
}

/// Stores both ways, and prints a table.
pub(crate) async fn measure(tools: &Path) -> anyhow::Result<String> {
    let lab = Lab::start(tools).await?;
    let user = lab.user().await?;
    let vectors: Vec<_> = (0..CHUNKS).map(|n| (ChunkNumber(4096 + n), Some(random_vector()))).collect();
    let mut table = String::from(
        "a thousand chunks | sent, kB | client, ms of processor | server, ms of processor\n---|---|---|---\n",
    );
    for form in [Form::Text, Form::Binary] {
        let sent = bytes(&lab, user, &vectors, form).await?;
        let mut conn = PgConnection::connect_with(&lab.superuser).await?;
        // The first one warms up.
        store(&lab, &mut conn, user, &vectors, form).await?;
        let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut conn).await?;
        let (mut client, mut server) = (0.0, 0.0);
        for _ in 0..ROUNDS {
            let document = empty_document(&lab, user).await?;
            let (meter, before) = (Meter::start()?, processor_ms(pid)?);
            insert(&mut conn, user, document, &vectors, form).await?;
            client += meter.read()?.own * 1_000.0 / f64::from(ROUNDS);
            server += (processor_ms(pid)? - before) / f64::from(ROUNDS);
        }
        conn.close().await?;
        writeln!(table, "{form:?} | {} | {client:.1} | {server:.1}", sent / 1_000)?;
    }
    lab.end().await?;
    Ok(table)
}

/// What goes to the server to store them all.
async fn bytes(lab: &Lab, user: UserId, vectors: &Vectors, form: Form) -> anyhow::Result<u64> {
    let folder = lab.superuser.get_socket().context("the server has no socket")?;
    let name = format!(".s.PGSQL.{}", lab.superuser.get_port());
    let (server, between) = (folder.join(&name), tempfile::tempdir()?);
    let listener = UnixListener::bind(between.path().join(&name))?;
    let counted = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await?;
        let mut server = UnixStream::connect(server).await?;
        copy_bidirectional(&mut client, &mut server).await
    });
    let options = lab.superuser.clone().socket(between.path());
    let mut conn = PgConnection::connect_with(&options).await?;
    store(lab, &mut conn, user, vectors, form).await?;
    conn.close().await?;
    Ok(counted.await??.0)
}

async fn store(
    lab: &Lab,
    conn: &mut PgConnection,
    user: UserId,
    vectors: &Vectors,
    form: Form,
) -> anyhow::Result<()> {
    let document = empty_document(lab, user).await?;
    insert(conn, user, document, vectors, form).await
}

async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    vectors: &Vectors,
    form: Form,
) -> anyhow::Result<()> {
    for vectors in vectors.chunks(AT_ONCE) {
        match form {
            Form::Binary => chunks::insert_vectors(&mut *conn, user, document, MODEL, vectors).await?,
            Form::Text => insert_as_text(&mut *conn, user, document, vectors).await?,
        }
    }
    Ok(())
}

async fn insert_as_text(
    conn: &mut PgConnection,
    user: UserId,
    document: DocumentId,
    vectors: &Vectors,
) -> sqlx::Result<()> {
    let numbers: Vec<_> = vectors.iter().map(|(number, _)| number.0).collect();
    let literals: Vec<_> = vectors.iter().map(|(_, vector)| vector.as_deref().map(literal)).collect();
    let insert = sqlx::query(
        "insert into chunk_vectors (user_id, document_id, number, model, embedding)
         select $1, $2, v.number, $3, v.embedding::vector
         from unnest($4::int[], $5::text[]) as v(number, embedding)
         on conflict (document_id, number, model) do nothing",
    );
    let insert = insert.bind(user.0).bind(document.0).bind(MODEL).bind(numbers).bind(literals);
    insert.execute(conn).await.map(drop)
}

/// A vector as pgvector reads it.
fn literal(vector: &[f32]) -> String {
    let numbers: Vec<_> = vector.iter().map(ToString::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// A document that has chunks, and no vectors.
async fn empty_document(lab: &Lab, user: UserId) -> anyhow::Result<DocumentId> {
    let id = DocumentId::generate();
    let mut conn = PgConnection::connect_with(&lab.superuser).await?;
    conn.execute("set session_replication_role = replica").await?;
    let sql = format!(
        "insert into documents (id, user_id, title, sha256, bytes, status, model, chunks, job_id)
           values ('{id}', '{user}', 'Bench', sha256('{id}'::bytea), 1, 'ready', '{MODEL}', {CHUNKS}, '{id}');
         insert into chunks select '{user}', '{id}', 4096 + n, 1000 * n, 1000 * n + 1000, 250
           from generate_series(0, {CHUNKS} - 1) n;"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
    conn.close().await?;
    Ok(id)
}

/// What a process of the server has computed so far.
fn processor_ms(pid: i32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // After the name, which may have anything in it: the 14th and 15th field of all, in hundredths.
    let (_, fields) = stat.rsplit_once(") ").context("no process")?;
    let mut times = fields.split(' ').skip(11).map(str::parse::<f64>);
    let (user, system) = times.next().zip(times.next()).context("no times")?;
    Ok((user? + system?) * 10.0)
}

fn random_vector() -> Vec<f32> {
    let mut rng = rand::rng();
    let vector: Vec<f32> = (0..DIMENSIONS).map(|_| rng.random_range(-1.0..1.0)).collect();
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.into_iter().map(|x| x / length).collect()
}
