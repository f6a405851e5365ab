//! What a refusal shows that an endpoint cannot do: a field that it does not know, a length, a picture. It is said in
//! as many ways as there are servers, so this knows their words; what is not known is no lack, and nothing is learnt.

use std::sync::Arc;

use super::{
    Field, Lack,
    fault::{Fault, numbers},
};

/// What a request had that an endpoint may have refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// Pictures.
    pub(super) pictures: bool,
    /// System text.
    pub(super) system: bool,
    /// A schema, which some are given as a tool to call.
    pub(super) schema: bool,
    /// The tokens that it surely has, at the least.
    pub(super) tokens: u32,
    /// The most that a usage may say of it and of its answer; more is no count. 0 is not known.
    pub(super) most_prompt: u32,
    pub(super) most_answer: u32,
    /// How long the answer may get, in bytes of text, where the provider ignores what it was told of tokens.
    pub(super) longest: Option<usize>,
    /// What student and model said: an error may repeat it.
    pub(super) said: Arc<str>,
}

/// How fields of requests are called, in small letters.
const FIELDS: [(&str, Field); 27] = [
    ("temperature", Field::Temperature),
    ("stream_options", Field::StreamOptions),
    ("include_usage", Field::StreamOptions),
    ("max_tokens", Field::MaxTokens),
    ("max_completion_tokens", Field::MaxCompletionTokens),
    ("thinkingconfig", Field::Thinking),
    ("thinking_config", Field::Thinking),
    ("thinkingbudget", Field::Thinking),
    ("thinking_budget", Field::Thinking),
    ("thinkinglevel", Field::Thinking),
    ("thinking_level", Field::Thinking),
    ("thinking", Field::Thinking),
    ("think", Field::Thinking),
    ("reasoning_effort", Field::Thinking),
    ("reasoning.effort", Field::Thinking),
    ("reasoning", Field::Thinking),
    ("dimensions", Field::Dimensions),
    ("outputdimensionality", Field::Dimensions),
    ("output_dimensionality", Field::Dimensions),
    ("matryoshka", Field::Dimensions),
    ("encoding_format", Field::EncodingFormat),
    ("num_ctx", Field::ContextLength),
    ("tasktype", Field::TaskType),
    ("task_type", Field::TaskType),
    ("truncate", Field::Truncate),
    ("streaming", Field::Stream),
    ("stream", Field::Stream),
];

/// What sentences that refuse something have.
const COMPLAINTS: [&str; 27] = [
    "unsupported",
    "not supported",
    "not support",
    "n't support",
    "unknown",
    "unrecognized",
    "unrecognised",
    "unexpected",
    "extra inputs",
    "extra fields",
    "additional propert",
    "not permitted",
    "not allowed",
    "not accept",
    "n't accept",
    "invalid",
    "only the default",
    "only default",
    "may only be",
    "not enabled",
    "deprecated",
    "no longer",
    "cannot find",
    "must be",
    "not available",
    "not recognized",
    "disallowed",
];

const CONTEXT: [&str; 15] = [
    "context length",
    "context_length",
    "context window",
    "context size",
    "contextlength",
    "input token count",
    "too many tokens",
    "prompt is too long",
    "input is too long",
    "too many input tokens",
    "reduce the length",
    "maximum number of tokens allowed",
    "token limit exceeded",
    "input length",
    "prompt too long",
];

/// After which of these the longest context stands.
const CONTEXT_IS: [&str; 12] = [
    "maximum context length is",
    "maximum context length of",
    "context length is only",
    "context length of only",
    "context length is",
    "context length of",
    "context window of",
    "available context size",
    "context size",
    "maximum number of tokens allowed",
    "tokens >",
    "limit of",
];

const PICTURES: [&str; 20] = [
    "image input",
    "support image",
    "image_url",
    "images are not",
    "image is not supported",
    "supports images",
    "input_image",
    "multimodal",
    "multi-modal",
    " vision",
    "image content",
    "images in",
    "inline_data",
    "inlinedata",
    "data required for image",
    "process images",
    "accept images",
    "image inputs",
    "at most 0 image",
    "mmproj",
];

/// What is wrong with one picture says nothing about others.
const ONE_PICTURE: [&str; 11] = [
    "corrupt",
    "could not process",
    "failed to download",
    "base64",
    "decode",
    "image format",
    "too large",
    "too many images",
    "image size",
    "image dimensions",
    "unable to process",
];

/// A server that wants words, and got a list of parts.
const ONLY_WORDS: [&str; 7] = [
    "content must be a string",
    "should be a valid string",
    "expected a string",
    "expected string",
    "of type string",
    "content' must be a string",
    "content type",
];

const SYSTEM: [&str; 17] = [
    "not support 'system'",
    "developer instruction is not enabled",
    "system instruction",
    "systeminstruction",
    "system_instruction",
    "system role",
    "system message",
    "system prompt",
    "role 'system'",
    "role `system`",
    "role \"system\"",
    "role system",
    "only user and assistant",
    "only 'user' and 'assistant'",
    "roles must alternate",
    "role: system",
    "developer role",
];

/// What a fault shows that an endpoint lacks. A picture or system text that was not sent cannot be it.
pub(super) fn lack_of(fault: &Fault, sent: &Sent) -> Option<Lack> {
    let field = || field_named(fault).map(Lack::Field);
    stated_context(fault).or_else(|| output(fault)).or_else(field).or_else(|| batch(fault)).or_else(|| {
        if sent.pictures && is_about_pictures(fault) {
            return Some(Lack::Vision);
        }
        if sent.system
            && (fault.mentions(&SYSTEM) || fault.mentions(&["'system'", "`system`", "\"system\""]))
            && (fault.mentions(&COMPLAINTS) || fault.mentions(&["only", "alternate"]))
        {
            return Some(Lack::SystemText);
        }
        let within_text = named_field(fault).map(Lack::Field);
        within_text.or_else(|| schema(fault))
    })
}

/// Whether the prompt is too long, although nobody says by how much.
pub(super) fn is_too_long(fault: &Fault) -> bool {
    let codes = ["context_length_exceeded", "exceed_context_size_error", "string_above_max_length"];
    codes.iter().any(|code| fault.names(code)) || fault.mentions(&CONTEXT)
}

fn stated_context(fault: &Fault) -> Option<Lack> {
    let told = || fault.number_after(&CONTEXT_IS);
    // Groq: the request alone is more than a minute's tokens.
    let of_a_minute = || fault.number_after(&["limit "]).filter(|_| fault.mentions(&["request too large"]));
    // Anthropic: `exceed context limit: 188240 + 21333 > 200000`.
    let summed = || fault.number_after(&[" > "]).filter(|_| fault.mentions(&["exceed context limit"]));
    let most = if is_too_long(fault) { fault.context.or_else(summed).or_else(told) } else { of_a_minute() };
    most.filter(|most| *most >= 256).map(Lack::Context)
}

fn output(fault: &Fault) -> Option<Lack> {
    let about = [
        "max_tokens",
        "max_completion_tokens",
        "max_output_tokens",
        "maxoutputtokens",
        "completion tokens",
        "max_new_tokens",
    ];
    let over = [
        "too large",
        "at most",
        "less than or equal",
        "<=",
        "maximum value",
        "maximum allowed",
        "cannot be greater",
        "exceed",
        "range of",
        "above maximum",
        "upper limit",
        "no more than",
        "too high",
        "supported range",
    ];
    if !fault.mentions(&about) || !fault.mentions(&over) {
        return None;
    }
    // Not the least that it wants, and no status.
    let most = numbers(&fault.text).filter(|most| *most >= 256 && !(400..600).contains(most)).min();
    most.map(Lack::Output)
}

/// A field that is named as the one at fault.
fn field_named(fault: &Fault) -> Option<Field> {
    // What is too small for a server it takes in principle.
    if fault.mentions(&["below minimum", "below_min", "at least", "greater than 0"])
        || fault.names("integer_below_min_value")
    {
        return None;
    }
    let last = |path: &str| path.rsplit(['.', '/']).next().unwrap_or_default().to_lowercase();
    let known = |name: &str| FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
    fault.fields.iter().find_map(|path| known(&path.to_lowercase()).or_else(|| known(&last(path))))
}

/// The first field that a refusing sentence names.
fn named_field(fault: &Fault) -> Option<Field> {
    if !fault.mentions(&COMPLAINTS) || fault.mentions(&["below minimum", "at least"]) {
        return None;
    }
    let named = FIELDS.iter().filter_map(|(name, field)| Some((word_at(&fault.text, name)?, *field)));
    named.min_by_key(|(at, _)| *at).map(|(_, field)| field)
}

/// Where a name stands that is not part of a longer one.
fn word_at(text: &str, name: &str) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

fn batch(fault: &Fault) -> Option<Lack> {
    let about = [
        "batch size",
        "batch_size",
        "batchsize",
        "in one batch",
        "per batch",
        "too many inputs",
        "too many texts",
        "number of inputs",
        "number of texts",
        "number of input",
        "array too long",
        "input array",
        "inputs exceeds",
        "batch",
    ];
    if !fault.mentions(&about) || fault.mentions(&["physical batch", "tokens in batch", "batch tokens"]) {
        return None;
    }
    let behind = [
        "larger than",
        "at most",
        "maximum",
        "exceed",
        "limit",
        "up to",
        "<=",
        "less than or equal to",
        "no more than",
        "greater than",
        "max",
    ];
    let most = behind.iter().find_map(|words| {
        let (_, rest) = fault.text.split_once(words)?;
        numbers(rest).filter(|most| (1..=4_096).contains(most)).min()
    });
    most.map(Lack::Batch)
}

fn is_about_pictures(fault: &Fault) -> bool {
    let named = fault.fields.iter().any(|field| field.contains("image"));
    (named || fault.mentions(&PICTURES) || fault.mentions(&ONLY_WORDS)) && !fault.mentions(&ONE_PICTURE)
}

fn schema(fault: &Fault) -> Option<Lack> {
    let about = [
        "response_format",
        "json_schema",
        "responseschema",
        "response_schema",
        "responsejsonschema",
        "json mode",
        "structured output",
    ];
    let named = fault.fields.iter().any(|field| about.contains(&field.to_lowercase().as_str()));
    (named || (fault.mentions(&about) && fault.mentions(&COMPLAINTS))).then_some(Lack::Schema)
}

/// A lack in our own words.
pub(super) fn in_words(lack: &Lack) -> &'static str {
    match lack {
        Lack::Vision => "the model takes no pictures",
        Lack::SystemText => "the model takes no system text",
        Lack::Batch(_) => "the provider takes fewer texts at once",
        Lack::Schema => "the model answers under no schema",
        Lack::Context(_) => "the conversation is too long for the model",
        Lack::Output(_) => "the model gives no answer as long as was asked for",
        Lack::Field(field) => match field {
            Field::Temperature => "the provider refuses the field temperature",
            Field::StreamOptions => "the provider refuses the field stream_options",
            Field::MaxTokens => "the provider refuses the field max_tokens",
            Field::MaxCompletionTokens => "the provider refuses the field max_completion_tokens",
            Field::Thinking => "the provider refuses a bound on thoughts",
            Field::Dimensions => "the provider refuses a length of vectors",
            Field::EncodingFormat => "the provider refuses the field encoding_format",
            Field::ContextLength => "the provider refuses the field num_ctx",
            Field::Stream => "the provider refuses to stream",
            Field::TaskType => "the provider refuses the field taskType",
            Field::Truncate => "the provider refuses the field truncate",
        },
    }
}

#[cfg(test)]
mod tests;
