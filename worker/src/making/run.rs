//! The calls that making takes: as many as the amount needs, and one more for what has flaws.

use std::{collections::BTreeMap, sync::Arc};

use minijinja::context;

use super::{Counts, Flawed, ItemsOutput, Kind, Order};
use crate::{
    prompts::Prompt,
    providers::{ChatRequest, Format, Schema},
    router::{AnswerEnd, Answered, Ask, Declined, Router, Tokens},
};

/// How much of what is made already is named, in characters, so that it is not made again.
const NAMED: usize = 4_000;

/// How much of what has flaws is sent back, in characters.
const SENT_BACK: usize = 12_000;

/// What came of making, beside the items themselves.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// Calls that were answered, and those of them that held no item at all.
    pub(crate) calls: u32,
    pub(crate) prose: u32,
    pub(crate) counts: Counts,
    /// Items with flaws, how many came right when they were asked for again, and what was wrong, by its code.
    pub(crate) flawed: u32,
    pub(crate) mended: u32,
    pub(crate) reasons: BTreeMap<&'static str, i64>,
}

impl Made {
    /// Items that readers never see.
    pub(crate) const fn dropped(&self) -> u32 {
        self.flawed.saturating_sub(self.mended)
    }
}

/// Makes what was ordered. Whatever is whole is kept, however the calls end.
pub(crate) async fn make(
    router: &Router,
    ask: Ask<'_>,
    order: &Order,
    kind: &'static dyn Kind,
    output: &mut ItemsOutput<'_>,
) -> (Answered, Made) {
    let mut run = Run { router, ask, kind, order, made: Made::default(), answered: None };
    let flawed = run.make_all(output).await;
    let nothing = output.kept().is_empty();
    if run.may_go_on() && (nothing || !flawed.is_empty()) {
        run.mend(&flawed, output).await;
    }
    let made = run.made;
    let mut answered = run.answered.unwrap_or_else(|| Answered::of_none(AnswerEnd::Exhausted(None)));
    if output.kept().is_empty() && matches!(answered.end, AnswerEnd::Complete { .. } | AnswerEnd::Truncated) {
        answered.end = AnswerEnd::Declined(Declined::NothingUsable);
    }
    (answered, made)
}

struct Run<'a> {
    router: &'a Router,
    ask: Ask<'a>,
    kind: &'static dyn Kind,
    order: &'a Order,
    made: Made,
    /// All calls so far, as one.
    answered: Option<Answered>,
}

impl Run<'_> {
    /// Asks for all that is wanted, in as many calls as that takes. Says what has flaws.
    async fn make_all(&mut self, output: &mut ItemsOutput<'_>) -> Vec<Flawed> {
        let most = self.order.count.map_or(1, |count| count.div_ceil(self.kind.per_call())) + 1;
        let mut flawed: Vec<Flawed> = Vec::new();
        for _ in 0..most {
            let there = u32::try_from(output.kept().len() + flawed.len()).unwrap_or(u32::MAX);
            let count = self.order.count.map(|count| count.saturating_sub(there).min(self.kind.per_call()));
            if count == Some(0) {
                break;
            }
            let request = self.request(count, &named(output));
            let new = self.call(&request, output, &mut flawed).await;
            // One whose model has nothing more to give is not asked for ever.
            if !self.may_go_on() || new == 0 || self.order.count.is_none() {
                break;
            }
        }
        flawed
    }

    /// Asks once more for what has flaws; for all of it, where there is nothing else, or where it is made as a whole.
    async fn mend(&mut self, flawed: &[Flawed], output: &mut ItemsOutput<'_>) {
        let whole = !self.kind.grows() || (output.kept().is_empty() && flawed.is_empty());
        if whole && !output.kept().is_empty() {
            // What there is of it can be used.
            return;
        }
        let count = if whole {
            self.order.count.map(|count| count.min(self.kind.per_call()))
        } else {
            u32::try_from(flawed.len()).ok()
        };
        let request = self.request(count, &mend(flawed));
        let mut again = Vec::new();
        let before = self.answered.take();
        let new = self.call(&request, output, &mut again).await;
        self.made.flawed -= u32::try_from(again.len()).unwrap_or(0).min(self.made.flawed);
        self.made.mended = u32::try_from(new).unwrap_or(0).min(self.made.flawed);
        // What there was stands, whatever came of this call.
        let last = self.answered.take();
        self.answered = match (before, last) {
            (Some(before), Some(last)) => Some(with_usage(before, last, output.kept().is_empty())),
            (before, last) => before.or(last),
        };
    }

    /// One call. Says how many items it brought.
    async fn call(
        &mut self,
        request: &ChatRequest,
        output: &mut ItemsOutput<'_>,
        flawed: &mut Vec<Flawed>,
    ) -> usize {
        let answered = self.router.answer(Ask { request, ..self.ask }, output).await;
        let of_call = output.keep();
        if answered.by.is_some() {
            self.made.calls += 1;
            self.made.prose += u32::from(of_call.counts.items == 0);
        }
        self.made.counts.add(of_call.counts);
        self.made.flawed += u32::try_from(of_call.flawed.len()).unwrap_or(0);
        for code in of_call.flawed.iter().flat_map(|flawed| flawed.why.codes()) {
            *self.made.reasons.entry(code).or_default() += 1;
        }
        flawed.extend(of_call.flawed);
        self.answered = Some(match self.answered.take() {
            None => answered,
            Some(before) => with_usage(before, answered, false),
        });
        of_call.new
    }

    /// Whether another call makes sense.
    fn may_go_on(&self) -> bool {
        self.answered.as_ref().is_some_and(|answered| matches!(answered.end, AnswerEnd::Complete { .. }))
            && !self.ask.cancel.is_cancelled()
    }

    /// The request for so many, with something to say about what there is.
    fn request(&self, count: Option<u32>, more: &str) -> ChatRequest {
        let mut request = self.ask.request.clone();
        let sourced = !self.order.passages.is_empty();
        let schema = self.kind.schema(count.unwrap_or_else(|| self.kind.per_call()), sourced);
        request.format = Format::Json(Arc::new(Schema { name: self.kind.schema_name(), schema }));
        if let Some(turn) = request.turns.last_mut() {
            if let Some(count) = count {
                turn.text.push_str("\nNumber: ");
                turn.text.push_str(&count.to_string());
            }
            if !more.is_empty() {
                turn.text.push_str("\n\n");
                turn.text.push_str(more);
            }
        }
        request
    }
}

/// Two calls as one: the first says how it ended, unless the student stopped the second.
fn with_usage(before: Answered, last: Answered, nothing: bool) -> Answered {
    let sum = |one: Tokens, other: Tokens| Tokens {
        prompt: one.prompt.saturating_add(other.prompt),
        completion: one.completion.saturating_add(other.completion),
        exact: one.exact && (other.exact || other.sum() == 0),
    };
    let usage = sum(before.usage, last.usage);
    let mut abandoned = before.abandoned;
    abandoned.calls += last.abandoned.calls;
    abandoned.tokens = abandoned.tokens.saturating_add(last.abandoned.tokens);
    let stopped = matches!(last.end, AnswerEnd::Cancelled);
    let end = match (&before.end, &last.end) {
        _ if stopped || nothing => last.end,
        (AnswerEnd::Complete { .. }, AnswerEnd::Complete { at_length }) => {
            AnswerEnd::Complete { at_length: *at_length }
        }
        _ => before.end,
    };
    Answered { end, usage, abandoned, by: before.by.or(last.by), ..before }
}

/// What is made already, so that it is not made again.
fn named(output: &ItemsOutput<'_>) -> String {
    let mut left = NAMED;
    let gists = output.kept().iter().rev().map(super::Item::gist).take_while(|gist| {
        let fits = gist.len() <= left;
        left = left.saturating_sub(gist.len());
        fits
    });
    let made: Vec<String> = gists.collect();
    if made.is_empty() { String::new() } else { render("made.v1", context! { made }) }
}

/// What has flaws, and why; or that there was nothing.
fn mend(flawed: &[Flawed]) -> String {
    let mut left = SENT_BACK;
    let flawed: Vec<_> = flawed
        .iter()
        .take_while(|flawed| {
            let fits = flawed.text.len() <= left;
            left = left.saturating_sub(flawed.text.len());
            fits
        })
        .map(|flawed| context! { text => &flawed.text, why => flawed.why.reason() })
        .collect();
    render("mend.v1", context! { flawed })
}

/// A template of ours that cannot be rendered would fail its snapshot.
fn render(name: &'static str, with: minijinja::Value) -> String {
    Prompt::named(name).render(with).unwrap_or_default()
}
