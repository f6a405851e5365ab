//! The short form of `make chaos`: the real processes under load, while what they stand on goes away.

use chaos::{Fault, Row, Setup, Timing, World, table::Table};

use crate::support::servers;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_doubled_when_a_worker_redis_and_the_database_go_away() {
    let setup = Setup {
        program: env!("CARGO_BIN_EXE_medai").into(),
        tools: servers::tools(),
        folder: servers::scratch("faults"),
        // Shorter than in earnest, where dead workers are missed after 15 s.
        lease: Some("3s"),
        log: "warn".to_owned(),
    };
    let mut world = World::start(&setup).await.unwrap();
    for fault in [Fault::WorkerKilled, Fault::RedisRestarted, Fault::PostgresRestarted] {
        let row = Row::run(&mut world, fault, &Timing::short()).await.unwrap();
        let told = Table(std::slice::from_ref(&row)).to_string();
        let audit = row.audit.as_ref().unwrap();
        assert!(audit.is_clean() && audit.answered > 0, "{told}");
        // How fast is for `make chaos` to say, which has the machine for itself.
        assert!(row.recovered.is_some(), "{told}");
    }
}
