//! `/mcq`: questions with one best answer, kept as a question set.

use async_trait::async_trait;
use domain::{
    chat::{Material, MaterialKind, command},
    feature::Feature,
    ids::{QuestionId, QuestionSetId},
};
use serde_json::Value;
use sqlx::PgConnection;
use study::{
    items::{Made as _, Question, markdown, schema},
    store::question_sets,
};

use super::Task;
use crate::{
    making::{Collector, Item, Keep, Kind, ListCollector, Order, What},
    prompts::Prompt,
};

pub(super) struct Questions;

impl Task for Questions {
    fn feature(&self) -> Feature {
        Feature::Mcq
    }

    fn prompt(&self) -> Prompt {
        Prompt::named("questions.v2")
    }

    fn items(&self) -> Option<&'static dyn Kind> {
        Some(&Self)
    }
}

fn questions(items: &[Item]) -> impl Iterator<Item = (&Item, &Question)> {
    items.iter().filter_map(|item| match &item.what {
        What::Question(question) => Some((item, question)),
        _ => None,
    })
}

#[async_trait]
impl Kind for Questions {
    fn schema_name(&self) -> &'static str {
        "questions"
    }

    fn schema(&self, count: u32, sourced: bool) -> Value {
        schema::questions(count, sourced)
    }

    fn lists(&self) -> &'static [&'static str] {
        &[Question::LIST]
    }

    fn per_call(&self) -> u32 {
        command::items_per_call(Feature::Mcq)
    }

    fn collector(&self, kept: &[Item], order: &Order) -> Box<dyn Collector> {
        let how = (What::Question as fn(Question) -> What, Question::arranged as fn(_, _, _) -> _);
        Box::new(ListCollector::new(kept, order.most(), order.passages.clone(), order.seed(), how))
    }

    fn markdown(&self, items: &[Item]) -> String {
        markdown::questions(&questions(items).map(|(_, question)| question.clone()).collect::<Vec<_>>())
    }

    fn material(&self) -> Material {
        Material { kind: MaterialKind::QuestionSet, id: QuestionSetId::generate().0 }
    }

    async fn keep(&self, conn: &mut PgConnection, keep: &Keep<'_>) -> sqlx::Result<()> {
        let questions: Vec<_> = questions(keep.items)
            .map(|(item, question)| (QuestionId(item.id), question.clone(), item.source.clone()))
            .collect();
        let (set, message) = (QuestionSetId(keep.material.id), Some(keep.message));
        question_sets::insert_made(conn, keep.user, set, keep.topic, message, &keep.by.maker(), &questions)
            .await
    }
}
