//! What a task is asked with: the question, what led to it, and what goes along.

use std::collections::{BTreeSet, HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    chat::{
        MessageRole, command,
        history::{self, BUDGET_TOKENS, Turn},
        sessions,
    },
    documents::citations::Citation,
    feature::Feature,
    ids::{MessageId, UserId},
    images::{self, Image},
    quota::costs::{MOST_ANSWER_TOKENS, MOST_ITEMS_TOKENS},
};
use files::Name;
use minijinja::context;

use super::Task;
use crate::{
    Context, citation_markers, prompts,
    providers::{self, ChatRequest, Format, Speaker},
    retrieval,
};

/// How many of the student's messages are looked through for images.
const SEEN_TURNS: usize = 3;

/// More than any image that was kept.
const LARGEST_IMAGE: usize = 64 << 20;

/// A question, ready to be asked.
pub(crate) struct Question {
    pub(crate) task: &'static dyn Task,
    /// What it was sent to.
    pub(crate) feature: Feature,
    /// What keys are chosen by: those that can see, where the question itself shows something.
    pub(crate) serves: Feature,
    pub(crate) request: ChatRequest,
    /// What the answer may cite.
    pub(crate) passages: Vec<Citation>,
    /// What it is about, where it is a command; else nothing.
    pub(crate) topic: String,
    /// How many items are asked for, where its feature counts by these.
    pub(crate) amount: Option<u32>,
}

/// What a question is to be answered with.
#[derive(Debug, Default)]
pub(super) struct Material {
    /// Passages of documents, to be cited by their numbers.
    pub(super) passages: Vec<Citation>,
    /// Images of the conversation, by their messages.
    pub(super) images: Vec<(MessageId, providers::Image)>,
    /// The numbers that earlier answers cite, by their messages.
    pub(super) cited: HashMap<MessageId, BTreeSet<u32>>,
}

/// Loads a question with all that goes along. `None` where its session was deleted.
pub(crate) async fn load(
    context: &Context,
    user: UserId,
    question: MessageId,
) -> anyhow::Result<Option<Question>> {
    let mut tx = context.db.begin_as(user).await?;
    let turns = history::load(&mut tx, question).await?;
    let sources = sessions::sources(&mut tx, question).await?.unwrap_or_default();
    let shown = if sources.pictured {
        let asked = turns.iter().filter(|turn| turn.role == MessageRole::User).map(|turn| turn.id);
        images::of_messages(&mut tx, &asked.take(SEEN_TURNS).collect::<Vec<_>>()).await?
    } else {
        Vec::new()
    };
    let cited = history::cited(&mut tx, &turns).await?;
    // Nothing was written, so there is nothing to wait for.
    drop(tx);
    let Some(asked) = turns.first() else { return Ok(None) };
    let feature = asked.feature;
    let (topic, amount) = match command::parse(&asked.content) {
        Ok(command::Parsed::Command { topic, amount, .. }) => {
            (topic.to_owned(), command::usual_amount(feature).map(|_| amount))
        }
        _ => (String::new(), None),
    };
    let task = super::of(feature);
    let mut material = Material { images: open(context, shown).await?, cited, ..Material::default() };
    if task.takes().passages && sources.grounded {
        let only = sources.documents.as_deref();
        let about = if task.takes().history { turns.clone() } else { on_topic(&turns, &topic) };
        material.passages = retrieval::passages(context, user, &about, only).await?;
    }
    let request = request(task, turns, &material)?;
    let pictured = request.turns.last().is_some_and(|turn| !turn.images.is_empty());
    let serves = if pictured { Feature::Image } else { feature };
    Ok(Some(Question { task, feature, serves, request, passages: material.passages, topic, amount }))
}

/// A command alone, as what it is about.
fn on_topic(turns: &[Turn], topic: &str) -> Vec<Turn> {
    let asked = turns.first().cloned();
    asked.map(|turn| Turn { content: topic.to_owned(), ..turn }).into_iter().collect()
}

/// The request for a question with what led to it, the question first.
pub(super) fn request(
    task: &dyn Task,
    newest_first: Vec<Turn>,
    material: &Material,
) -> Result<ChatRequest, minijinja::Error> {
    let turns = if task.takes().history {
        history::within_budget(newest_first, BUDGET_TOKENS)
    } else {
        newest_first.into_iter().take(1).map(topic_only).collect()
    };
    let mut turns: Vec<_> = turns.into_iter().map(|turn| as_turn(turn, material)).collect();
    let grounded = !material.passages.is_empty();
    if let (true, Some(question)) = (grounded, turns.last_mut()) {
        question.text = prompts::with_passages(&question.text, &material.passages, rand::random())?;
    }
    Ok(ChatRequest {
        system: task.prompt().render(context! { passages => grounded })?,
        turns,
        max_output_tokens: if task.items().is_some() { MOST_ITEMS_TOKENS } else { MOST_ANSWER_TOKENS },
        temperature: 0.4,
        format: Format::Text,
    })
}

fn as_turn(turn: Turn, material: &Material) -> providers::Turn {
    let images = material.images.iter().filter(|(message, _)| *message == turn.id);
    providers::Turn {
        speaker: match turn.role {
            MessageRole::User => Speaker::User,
            MessageRole::Assistant => Speaker::Assistant,
        },
        images: images.map(|(_, image)| image.clone()).collect(),
        // The numbers that an earlier answer cites mean other passages by now.
        text: match material.cited.get(&turn.id) {
            Some(cited) => citation_markers::without(&turn.content, cited),
            None => turn.content,
        },
    }
}

/// A command's topic is all that it is about.
fn topic_only(turn: Turn) -> Turn {
    let topic = match command::parse(&turn.content) {
        Ok(command::Parsed::Command { topic, .. }) => Some(format!("Topic: {topic}")),
        _ => None,
    };
    Turn { content: topic.unwrap_or(turn.content), ..turn }
}

/// Reads images from the store, the latest first, as many as one question may take along.
async fn open(
    context: &Context,
    shown: Vec<(MessageId, Image)>,
) -> anyhow::Result<Vec<(MessageId, providers::Image)>> {
    let mut opened = Vec::new();
    for (message, image) in shown.into_iter().rev().take(images::MOST_OF_A_MESSAGE) {
        let file = context.files.read_whole(Name::Image(image.id), LARGEST_IMAGE).await?;
        let Some(file) = file else { continue };
        let base64 = STANDARD.encode(file).into();
        opened.push((message, providers::Image { content_type: image.content_type, base64 }));
    }
    opened.reverse();
    Ok(opened)
}
