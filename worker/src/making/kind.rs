//! One kind of thing that is made item by item.

use async_trait::async_trait;
use domain::{
    chat::Material,
    ids::{MessageId, UserId},
};
use serde_json::Value;
use sqlx::PgConnection;
use study::store::made_items::Maker;

use super::{Collector, Item, Order};

/// How items of a kind are asked for, read, and kept.
#[async_trait]
pub(crate) trait Kind: Send + Sync {
    /// What its schema is called: letters and `_`.
    fn schema_name(&self) -> &'static str;

    /// Its schema for so many, with or without the passages that they are from.
    fn schema(&self, count: u32, sourced: bool) -> Value;

    /// The lists that its items stand in.
    fn lists(&self) -> &'static [&'static str];

    /// How many are asked for in one call.
    fn per_call(&self) -> u32;

    /// Reads the items of a call that follows on these.
    fn collector(&self, kept: &[Item], order: &Order) -> Box<dyn Collector>;

    /// Whether more can be added to what there is. What cannot be made in pieces is made again as a whole.
    fn grows(&self) -> bool {
        true
    }

    /// As Markdown, for the message.
    fn markdown(&self, items: &[Item]) -> String;

    /// Where it is going to be kept.
    fn material(&self) -> Material;

    /// Keeps it, in the transaction that ends the job.
    async fn keep(&self, conn: &mut PgConnection, keep: &Keep<'_>) -> sqlx::Result<()>;
}

/// What is to be kept.
#[derive(Debug)]
pub(crate) struct Keep<'a> {
    /// Whose it is.
    pub(crate) user: UserId,
    /// What it is about, as the student said it.
    pub(crate) topic: &'a str,
    /// The message that it was made for.
    pub(crate) message: MessageId,
    /// Who made it.
    pub(crate) by: By<'a>,
    pub(crate) material: Material,
    pub(crate) items: &'a [Item],
}

/// Who made something, and by which prompt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct By<'a> {
    pub(crate) provider: &'a str,
    pub(crate) model: &'a str,
    pub(crate) prompt: &'a str,
}

impl By<'_> {
    /// As it is stored.
    pub(crate) fn maker(&self) -> Maker {
        let Self { provider, model, prompt } = *self;
        Maker { provider: provider.to_owned(), model: model.to_owned(), prompt: prompt.to_owned() }
    }
}
