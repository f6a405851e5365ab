//! Has a question answered: with text as it comes, or with items, as its task has it.

use domain::{chat::Material, ids::JobId};
use jobs::bus::EventWriter;
use serde_json::{Value, json};
use study::store::made_items::Counts;

use crate::{
    Context,
    making::{self, Item, ItemsOutput, Kind, Made, Order},
    router::{Answered, Ask, TextOutput},
    tasks::Question,
};

/// What came of a question, beside how it ended.
pub(super) enum Product {
    /// Text, which the writer has.
    Text,
    Items(Items),
}

/// Items that were made.
pub(super) struct Items {
    pub(super) kind: &'static dyn Kind,
    pub(super) all: Vec<Item>,
    pub(super) made: Made,
    /// Where they are going to be kept.
    pub(super) material: Material,
    /// As many as were asked for, and as many as the day had left.
    asked: Option<(u32, u32)>,
}

impl Product {
    /// What the message says.
    pub(super) fn content<'a>(&self, writer: &'a EventWriter) -> std::borrow::Cow<'a, str> {
        match self {
            Self::Text => writer.text().into(),
            Self::Items(product) if product.all.is_empty() => "".into(),
            Self::Items(product) => product.kind.markdown(&product.all).into(),
        }
    }

    /// Whether there is nothing of it.
    pub(super) fn is_empty(&self, writer: &EventWriter) -> bool {
        match self {
            Self::Text => writer.text().is_empty(),
            Self::Items(product) => product.all.is_empty(),
        }
    }

    /// How many calls of it were answered.
    pub(super) fn calls(&self) -> u32 {
        match self {
            Self::Text => 1,
            Self::Items(product) => product.made.calls.max(1),
        }
    }

    /// What its feature's counter counts.
    pub(super) fn counted(&self) -> i64 {
        match self {
            Self::Items(Items { asked: Some(_), all, .. }) => i64::try_from(all.len()).unwrap_or(i64::MAX),
            _ => 1,
        }
    }

    /// What the end says about it.
    pub(super) fn end_data(&self) -> Option<Value> {
        let Self::Items(product) = self else { return None };
        let mut made = json!({ "delivered": product.all.len(), "dropped": product.made.dropped() });
        if let (Some((asked, allowed)), Some(made)) = (product.asked, made.as_object_mut()) {
            made.insert("asked".to_owned(), json!(asked));
            made.insert("fewer".to_owned(), json!(allowed < asked));
        }
        let material = (!product.all.is_empty()).then_some(product.material);
        Some(json!({ "made": made, "material": material }))
    }
}

impl Items {
    /// The items as readers were told them.
    pub(super) fn events(&self) -> Vec<Value> {
        let told = self.all.iter().enumerate();
        told.map(|(index, item)| json!({ "index": index, "kind": item.kind(), "item": item.to_json() }))
            .collect()
    }

    /// How good they are, for admins.
    pub(super) fn counts(&self) -> Counts {
        let Made { calls, prose, counts, flawed, mended, ref reasons } = self.made;
        Counts {
            calls: calls.into(),
            prose: prose.into(),
            items: counts.items.into(),
            delivered: i64::try_from(self.all.len()).unwrap_or(i64::MAX),
            flawed: flawed.into(),
            mended: mended.into(),
            dropped: self.made.dropped().into(),
            doubles: counts.doubles.into(),
            quotes: counts.quotes.into(),
            unproved: counts.unproved.into(),
            reported: 0,
            reasons: reasons.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
        }
    }
}

/// Asks, as the task of the question has it. `allowed` is how many items the day has left, where these are counted.
pub(super) async fn produce(
    context: &Context,
    ask: Ask<'_>,
    question: &Question,
    allowed: Option<u32>,
    writer: &mut EventWriter,
) -> (Answered, Product) {
    let Some(kind) = question.task.items() else {
        return (context.router.answer(ask, &mut TextOutput::new(writer)).await, Product::Text);
    };
    let order = order(ask.job, question, allowed);
    let mut output = ItemsOutput::new(writer, kind, order.clone());
    let (answered, made) = making::make(&context.router, ask, &order, kind, &mut output).await;
    let asked = question.amount.zip(order.count);
    let items = Items { kind, all: output.into_items(), made, material: kind.material(), asked };
    (answered, Product::Items(items))
}

fn order(job: JobId, question: &Question, allowed: Option<u32>) -> Order {
    let count = question.amount.map(|asked| allowed.map_or(asked, |allowed| allowed.min(asked)));
    Order { job, count, passages: question.passages.clone().into() }
}
