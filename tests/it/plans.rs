//! How lists are found in a database that is full: along indexes, and in no more pages than they need. What is asked is
//! the program's own statement, as `.sqlx` has it, planned anew and once for all, since connections do both.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::support::{Platform, student::Student};

/// The one statement of the program that has these words.
pub(crate) fn statement(words: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let texts = files
        .map(|file| serde_json::from_slice::<Value>(&file).unwrap()["query"].as_str().unwrap().to_owned());
    let found: Vec<_> = texts.filter(|text| text.contains(words)).collect();
    assert_eq!(found.len(), 1, "{words}");
    found.into_iter().next().unwrap()
}

/// What running a statement came to: the tables that were read from end to end, and pages in all.
#[derive(Debug)]
pub(crate) struct Cost {
    pub(crate) scanned: Vec<String>,
    pub(crate) pages: i64,
    pub(crate) plan: Value,
}

/// Runs a statement with these arguments, as literals of SQL.
pub(crate) async fn run(conn: &mut PgConnection, statement: &str, arguments: &str, mode: &str) -> Cost {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    // Of a name of its own: a connection keeps what was prepared, and the pool hands it out again.
    let name = format!("asked_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    for sql in [format!("set local plan_cache_mode = {mode}"), format!("prepare {name} as {statement}")] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *conn).await.unwrap();
    }
    let explain = format!("explain (analyze, buffers, format json) execute {name}({arguments})");
    let explained: Value =
        sqlx::query_scalar(AssertSqlSafe(explain)).persistent(false).fetch_one(conn).await.unwrap();
    let plan = explained[0]["Plan"].clone();
    let pages =
        ["Shared Hit Blocks", "Shared Read Blocks"].map(|kind| plan[kind].as_i64().unwrap()).iter().sum();
    let mut scanned = Vec::new();
    scans(&plan, &mut scanned);
    Cost { scanned, pages, plan }
}

fn scans(node: &Value, found: &mut Vec<String>) {
    // What was planned and never begun costs nothing.
    if node["Node Type"].as_str().unwrap().ends_with("Seq Scan") && node["Actual Loops"].as_f64() > Some(0.0)
    {
        found.extend(node["Relation Name"].as_str().map(ToOwned::to_owned));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        scans(child, found);
    }
}

pub(crate) const MODES: [&str; 2] = ["force_custom_plan", "force_generic_plan"];

/// 20,000 jobs that are over, as a platform has them that runs for some days; each so many-th failed.
async fn fill_jobs(platform: &Platform, each: u32) {
    platform
        .sql(format!(
            "insert into jobs (id, queue, name, payload, tenant, state, max_attempts, attempt, created_at, finished_at, ending)
             select ('018f0000-' || lpad(to_hex(n / 65536), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                    'chat', 'answer_message', '{{}}', gen_random_uuid(), 'done', 3, 1, now(), now(),
                    jsonb_build_object('number', 1048577, 'kind', case when n % {each} = 0 then 'error' else 'done' end,
                                       'data', jsonb_build_object('code', 'PROVIDERS_EXHAUSTED'))
             from generate_series(1, 20000) n"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_jobs_are_found_along_their_indexes_be_they_few_or_many() {
    let platform = Platform::setup().queues([]).start().await;
    let admin = platform.admin().await;
    let list = statement("where (state = 'discarded' or (state = 'done' and ending ->> 'kind' = 'error'))");
    // As `failed=true` asks: the first page of 50, of all queues, names and users; and the same of what was asked for only.
    let asked = |only: bool| {
        format!("'ffffffff-ffff-ffff-ffff-ffffffffffff', null, null, null, null, null, {only}, null, 51")
    };
    for each in [500, 1] {
        platform.sql("delete from jobs").await;
        fill_jobs(&platform, each).await;
        for analysed in [false, true] {
            if analysed {
                platform.sql_as_owner("analyze jobs").await;
            }
            for mode in MODES {
                for only in [false, true] {
                    let mut tx = platform.db().begin_bare().await.unwrap();
                    let cost = run(&mut tx, &list, &asked(only), mode).await;
                    let what = format!("each {each}, analysed {analysed}, {mode}: {:#}", cost.plan);
                    assert_eq!(cost.scanned, Vec::<String>::new(), "{what}");
                    assert!(cost.pages < 300, "{} pages: {what}", cost.pages);
                }
            }
        }
        let page = admin.get("/api/admin/jobs?failed=true&limit=50").await.expect(200).body;
        let failed = 20_000 / each as usize;
        assert_eq!(page["items"].as_array().unwrap().len(), failed.min(50));
        // From page to page none is lost, and none is there twice.
        let next = page["next"].as_str();
        assert_eq!(next.is_some(), failed > 50);
        if let Some(next) = next {
            let second = admin
                .get(&format!("/api/admin/jobs?failed=true&limit=50&cursor={next}"))
                .await
                .expect(200)
                .body;
            let after = page["items"][49]["id"].as_str();
            assert!(
                second["items"][0]["id"].as_str() < after && second["items"].as_array().unwrap().len() == 50
            );
        }
    }
    platform.sql("delete from jobs").await;
    platform.end().await;
}

/// Conversations of a student, with 20 messages each.
async fn fill_messages(platform: &Platform, of: &Student, conversations: u32) {
    platform
        .sql(format!(
            "with new as (
               insert into sessions (id, user_id, title)
               select gen_random_uuid(), '{}', 'Heart ' || n from generate_series(1, {conversations}) n returning id
             )
             insert into messages (id, user_id, session_id, role, feature, content, status)
             select gen_random_uuid(), '{}', new.id, case when n % 2 = 0 then 'assistant' else 'user' end::message_role, 'chat',
                    case when n = 7 then 'Preload is the stretch of the ventricle.'
                         else repeat('Something else about the lungs and the kidneys. ', 20) end, 'complete'
             from new, generate_series(1, 20) n",
            of.id, of.id
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_inside_messages_reads_those_of_its_student_only() {
    let platform = Platform::setup().queues([]).start().await;
    let (me, others) = (platform.student().await, [platform.student().await, platform.student().await]);
    fill_messages(&platform, &me, 10).await;
    for other in &others {
        fill_messages(&platform, other, 500).await;
    }
    let search = statement("regexp_replace(normalize(m.content");
    for analysed in [false, true] {
        if analysed {
            platform.sql_as_owner("analyze messages; analyze sessions").await;
        }
        for mode in MODES {
            let mut tx = platform.db().begin_as(me.id.parse().unwrap()).await.unwrap();
            let cost = run(&mut tx, &search, "'preload', 20, ''", mode).await;
            let what = format!("analysed {analysed}, {mode}: {:#}", cost.plan);
            assert_eq!(cost.scanned, Vec::<String>::new(), "{what}");
            // 200 messages of a kilobyte, and the way to them; all 20,200 are over 2,500 pages.
            assert!(cost.pages < 400, "{} pages: {what}", cost.pages);
        }
    }
    let found = me.get("/api/chat/search?q=preload").await.expect(200).body;
    assert_eq!(found["items"].as_array().unwrap().len(), 10);
    platform.end().await;
}
