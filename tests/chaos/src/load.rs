//! Steady load: students who ask one question after the other, with a pause to read.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    student::{Asked, How, Student},
    world::World,
};

/// How long a student reads before asking again.
const READS: Duration = Duration::from_millis(400);

/// The load.
#[derive(Debug)]
pub struct Load {
    /// Who makes it.
    pub students: Vec<Uuid>,
    /// When it began.
    pub began: Instant,
    asked: Arc<Mutex<Vec<Asked>>>,
    running: JoinSet<()>,
    stop: CancellationToken,
}

impl Load {
    /// Registers students and lets them ask.
    ///
    /// # Errors
    /// Where nobody can register.
    pub async fn start(world: &World, students: usize) -> anyhow::Result<Self> {
        let bases = world.bases();
        let registered = (0..students).map(|number| Student::register(&world.http, &bases, number));
        let registered: Vec<_> = futures::stream::iter(registered).buffered(4).try_collect().await?;
        let ids: Vec<_> = registered.iter().map(|student| student.id).collect();
        // With limits, which are counted, and which nobody here reaches.
        let pool = world.pool().await?;
        let pro = sqlx::query("update users set plan = 'pro' where id = any($1)").bind(&ids);
        pro.execute(&pool).await.context("the plan cannot be set")?;
        pool.close().await;
        let (stop, asked) = (CancellationToken::new(), Arc::new(Mutex::new(Vec::new())));
        let mut running = JoinSet::new();
        for (number, student) in registered.into_iter().enumerate() {
            running.spawn(ask_on(student, number, Arc::clone(&asked), stop.clone()));
        }
        Ok(Self { students: ids, began: Instant::now(), asked, running, stop })
    }

    /// What was asked so far, and came to an end for its reader.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.asked).clone()
    }

    /// Lets everybody finish what they read, and returns all that was asked.
    pub async fn finish(mut self) -> Vec<Asked> {
        self.stop.cancel();
        while self.running.join_next().await.is_some() {}
        self.asked()
    }
}

async fn ask_on(mut student: Student, number: usize, asked: Arc<Mutex<Vec<Asked>>>, stop: CancellationToken) {
    let mut turn = number;
    // Not all in the same instant.
    let spread = READS.mul_f64(f64::from(u32::try_from(number % 16).unwrap_or(0)) / 16.0);
    tokio::time::sleep(spread).await;
    while !stop.is_cancelled() {
        turn += 1;
        let how = match turn % 10 {
            3 | 7 => How::Command,
            5 => How::Stopping,
            _ => How::Streaming,
        };
        let one = student.ask(how).await;
        lock(&asked).push(one);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(READS) => {}
        }
    }
}

fn lock(asked: &Mutex<Vec<Asked>>) -> MutexGuard<'_, Vec<Asked>> {
    asked.lock().unwrap_or_else(PoisonError::into_inner)
}
