//! What real servers were seen to do, by name. Bytes and pauses are theirs.

use crate::{Part, Rule, anthropic, say};

/// A server of public reports. Where a report needs two, each has its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Case {
    /// Gemini thinks within its limit, reaches it, and says nothing.
    ThoughtsEatTheAnswer,
    /// Gemma behind Gemini's API refuses `systemInstruction`.
    NoSystemInstruction,
    /// 422 for a field that others take.
    UnknownField,
    /// Only the model's own temperature is taken.
    OwnTemperature,
    /// Brackets around formulas, intervals and code, and one citation of nothing.
    BracketsThatAreNoCitations,
    /// Citations as models also write them.
    CitationsInOtherDress,
    /// One token is too little to ask for.
    AtLeast16Tokens,
    /// `Retry-After` is a time in seconds since 1970.
    RetryAfterAsADateInSeconds,
    /// The reset of the day stands in the body.
    DailyLimitToldInTheBody,
    /// 403 that is a spent quota.
    AKeyAtItsOwnLimit,
    /// The content of a delta is a list of parts.
    ContentAsAList,
    /// Half a minute of visible thoughts.
    ThirtySecondsOfThoughts,
    /// The first line takes as long as a model loads.
    AModelThatLoads,
    /// `STOP` on each frame, and a pause between.
    AnEarlyEndMark,
    /// The prompt is cut to the default context, silently.
    SmallContext,
    /// `[DONE]`, and never a finish reason.
    DoneWithoutAReason,
    /// One JSON object where a stream was asked for.
    StreamIgnored,
    /// An answer of white space.
    NothingButALine,
    /// Thoughts between tags, in the text.
    ThinkTags,
    /// A chunk ends within a surrogate pair.
    HalfAnEmoji,
    /// No model here looks at pictures.
    NoEyes,
    /// The first turn must be the student's.
    BeginsWithTheAssistant,
    /// 424: something else failed.
    FailedDependency424,
    /// Half of an answer, and the connection breaks.
    HalfAnAnswer,
    /// `max_tokens` is refused.
    RefusesMaxTokens,
    /// Gemini stops for `RECITATION`.
    Recitation,
    /// Ten texts at most.
    BatchesOfTen,
    /// One text can never be embedded.
    OneTextThatCannot,
    /// Anthropic is overloaded in the middle of an answer, under status 200.
    OverloadedHalfWay,
    /// Anthropic begins, and then only pings.
    PingsAlone,
    /// Events, blocks and reasons that are newer than their reader, and one without data.
    EventsNobodyKnows,
    /// The end of a message without a usage, as of `MiniMax`.
    NoUsageAtTheEnd,
    /// Blocks of thoughts, told and hidden, before the answer.
    ThoughtsInBlocks,
    /// Anthropic's classifiers stop an answer.
    RefusalHalfWay,
    /// A message that begins and ends, and says nothing, where a gateway's server failed.
    AWellFormedNothing,
    /// The model stops for a tool that it was never given.
    WaitsForATool,
    /// 400 that is a spent credit.
    CreditBalanceTooLow,
    /// 400 for a closed account.
    OrganizationDisabled,
    /// 403 of what stands before Anthropic, for the place that is called from.
    RequestNotAllowed,
    /// 400 where the filter of an answer struck.
    OutputFiltered,
    /// 400 for a `temperature`.
    TemperatureIsDeprecated,
    /// Says `fine`, at any path.
    SaysFine,
}

impl Case {
    /// All of them.
    pub const ALL: [Self; 42] = [
        Self::ThoughtsEatTheAnswer,
        Self::NoSystemInstruction,
        Self::UnknownField,
        Self::OwnTemperature,
        Self::BracketsThatAreNoCitations,
        Self::CitationsInOtherDress,
        Self::AtLeast16Tokens,
        Self::RetryAfterAsADateInSeconds,
        Self::DailyLimitToldInTheBody,
        Self::AKeyAtItsOwnLimit,
        Self::ContentAsAList,
        Self::ThirtySecondsOfThoughts,
        Self::AModelThatLoads,
        Self::AnEarlyEndMark,
        Self::SmallContext,
        Self::DoneWithoutAReason,
        Self::StreamIgnored,
        Self::NothingButALine,
        Self::ThinkTags,
        Self::HalfAnEmoji,
        Self::NoEyes,
        Self::BeginsWithTheAssistant,
        Self::FailedDependency424,
        Self::HalfAnAnswer,
        Self::RefusesMaxTokens,
        Self::Recitation,
        Self::BatchesOfTen,
        Self::OneTextThatCannot,
        Self::OverloadedHalfWay,
        Self::PingsAlone,
        Self::EventsNobodyKnows,
        Self::NoUsageAtTheEnd,
        Self::ThoughtsInBlocks,
        Self::RefusalHalfWay,
        Self::AWellFormedNothing,
        Self::WaitsForATool,
        Self::CreditBalanceTooLow,
        Self::OrganizationDisabled,
        Self::RequestNotAllowed,
        Self::OutputFiltered,
        Self::TemperatureIsDeprecated,
        Self::SaysFine,
    ];

    /// Its name in a key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ThoughtsEatTheAnswer => "thoughts-eat-the-answer",
            Self::NoSystemInstruction => "no-system-instruction",
            Self::UnknownField => "unknown-field",
            Self::OwnTemperature => "own-temperature",
            Self::BracketsThatAreNoCitations => "brackets-that-are-no-citations",
            Self::CitationsInOtherDress => "citations-in-other-dress",
            Self::AtLeast16Tokens => "at-least-16-tokens",
            Self::RetryAfterAsADateInSeconds => "retry-after-as-a-date-in-seconds",
            Self::DailyLimitToldInTheBody => "daily-limit-told-in-the-body",
            Self::AKeyAtItsOwnLimit => "a-key-at-its-own-limit",
            Self::ContentAsAList => "content-as-a-list",
            Self::ThirtySecondsOfThoughts => "thirty-seconds-of-thoughts",
            Self::AModelThatLoads => "a-model-that-loads",
            Self::AnEarlyEndMark => "an-early-end-mark",
            Self::SmallContext => "small-context",
            Self::DoneWithoutAReason => "done-without-a-reason",
            Self::StreamIgnored => "stream-ignored",
            Self::NothingButALine => "nothing-but-a-line",
            Self::ThinkTags => "think-tags",
            Self::HalfAnEmoji => "half-an-emoji",
            Self::NoEyes => "no-eyes",
            Self::BeginsWithTheAssistant => "begins-with-the-assistant",
            Self::FailedDependency424 => "failed-dependency-424",
            Self::HalfAnAnswer => "half-an-answer",
            Self::RefusesMaxTokens => "refuses-max-tokens",
            Self::Recitation => "recitation",
            Self::BatchesOfTen => "batches-of-ten",
            Self::OneTextThatCannot => "one-text-that-cannot",
            Self::OverloadedHalfWay => "overloaded-half-way",
            Self::PingsAlone => "pings-alone",
            Self::EventsNobodyKnows => "events-nobody-knows",
            Self::NoUsageAtTheEnd => "no-usage-at-the-end",
            Self::ThoughtsInBlocks => "thoughts-in-blocks",
            Self::RefusalHalfWay => "refusal-half-way",
            Self::AWellFormedNothing => "a-well-formed-nothing",
            Self::WaitsForATool => "waits-for-a-tool",
            Self::CreditBalanceTooLow => "credit-balance-too-low",
            Self::OrganizationDisabled => "organization-disabled",
            Self::RequestNotAllowed => "request-not-allowed",
            Self::OutputFiltered => "output-filtered",
            Self::TemperatureIsDeprecated => "temperature-is-deprecated",
            Self::SaysFine => "says-fine",
        }
    }

    /// What it sends.
    pub fn rules(self) -> Vec<Rule> {
        match self {
            Self::ThoughtsEatTheAnswer => vec![Rule::events([
                say::thought("Let me think.").into(),
                Part::Pause(0.1),
                data(
                    r#"{"candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS", "index": 0}], "usageMetadata": {"promptTokenCount": 120, "thoughtsTokenCount": 2044, "totalTokenCount": 2164}}"#,
                ),
            ])],
            Self::NoSystemInstruction => vec![
                Rule::events([say::gemini("Hi", Some("STOP"))]).without("systemInstruction"),
                Rule::says(
                    400,
                    r#"{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3-27b-it", "status": "INVALID_ARGUMENT"}}"#,
                ),
            ],
            Self::UnknownField
            | Self::OwnTemperature
            | Self::RefusesMaxTokens
            | Self::FailedDependency424
            | Self::DailyLimitToldInTheBody
            | Self::AKeyAtItsOwnLimit => vec![self.refusal()],
            Self::BracketsThatAreNoCitations => whole([
                r"QTcF is $QT/\sqrt[3]{RR}$ [1]. Potassium is [3, 5] mmol/L. ",
                "Code: `a[7]`. Source [9].",
            ]),
            Self::CitationsInOtherDress => {
                whole(["A [1-3]. B 【2】. C ［1］. D 【9】. E [1, p. 12]. F [7-9] mmHg."])
            }
            Self::AtLeast16Tokens => vec![
                self.refusal().with("\"max_tokens\":1,"),
                Rule::events([say::text("Hi"), say::finish("length"), say::DONE.to_owned()]),
            ],
            Self::RetryAfterAsADateInSeconds => vec![self.refusal().header("retry-after", "{now+60}")],
            Self::NoEyes => {
                let mut rules = vec![self.refusal().with("image_url")];
                rules.extend(whole(["fine"]));
                rules
            }
            Self::BeginsWithTheAssistant => {
                let mut rules = vec![self.refusal().with("ANSWER-ONE").without("QUESTION-ONE")];
                rules.extend(whole([format!("ANSWER-ONE {}", "x".repeat(3_000)).as_str()]));
                rules
            }
            Self::SaysFine => whole(["fine"]),
            Self::BatchesOfTen => {
                vec![self.refusal().at("embeddings").over("\",\"", 9), Rule::embeds(384).at("embeddings")]
            }
            Self::OneTextThatCannot => {
                vec![self.refusal().at("/api/embed").with("Takotsubo"), Rule::embeds(384).at("/api/embed")]
            }
            _ => anthropic::cases::rules(self).unwrap_or_else(|| vec![self.stream()]),
        }
    }

    /// The error of those that refuse.
    fn refusal(self) -> Rule {
        let (status, body) = match self {
            Self::UnknownField => (
                422,
                r#"{"object": "error", "message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options", "include_usage"], "msg": "Extra inputs are not permitted", "input": true}]}, "type": "invalid_request_error", "param": null, "code": null}"#,
            ),
            Self::OwnTemperature => (
                400,
                r#"{"error": {"message": "Unsupported value: 'temperature' does not support 0.4 with this model.", "type": "invalid_request_error", "param": "temperature", "code": "unsupported_value"}}"#,
            ),
            Self::RefusesMaxTokens => (
                400,
                r#"{"error": {"message": "Unsupported parameter: 'max_tokens'", "type": "invalid_request_error", "param": "max_tokens", "code": "unsupported_parameter"}}"#,
            ),
            Self::FailedDependency424 => (
                424,
                r#"{"error": {"message": "Request failed during generation", "error_type": "generation"}}"#,
            ),
            Self::AtLeast16Tokens => (
                400,
                r#"{"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": "{\"error\":{\"message\":\"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 1 instead.\",\"code\":\"integer_below_min_value\"}}", "provider_name": "Azure"}}}"#,
            ),
            Self::RetryAfterAsADateInSeconds => (
                429,
                r#"{"error": {"message": "slow down", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}"#,
            ),
            Self::DailyLimitToldInTheBody => (
                429,
                r#"{"error": {"message": "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day", "code": 429, "metadata": {"headers": {"X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "{now+18000}000"}, "provider_name": null}}, "user_id": "u"}"#,
            ),
            Self::AKeyAtItsOwnLimit => (
                403,
                r#"{"error": {"message": "Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys", "code": 403}}"#,
            ),
            Self::NoEyes => {
                (404, r#"{"error": {"message": "No endpoints found that support image input", "code": 404}}"#)
            }
            Self::BeginsWithTheAssistant => (
                400,
                r#"{"object": "error", "message": "Conversation roles must alternate user/assistant/user/assistant/...", "type": "BadRequestError", "param": null, "code": 400}"#,
            ),
            Self::BatchesOfTen => (
                400,
                r#"{"error": {"message": "<400> InternalError.Algo.InvalidParameter: Value error, batch size is invalid, it should not be larger than 10.: input.contents", "type": "InvalidParameter", "param": null, "code": "InvalidParameter"}}"#,
            ),
            _ => (500, r#"{"error": "failed to encode response: json: unsupported value: NaN"}"#),
        };
        Rule::says(status, body)
    }

    /// The stream of those that answer in one of their own.
    fn stream(self) -> Rule {
        let done = || [Part::from(say::finish("stop")), say::DONE.into()];
        match self {
            Self::ContentAsAList => Rule::events([
                data(r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"magistral","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}],"closed":true}]},"finish_reason":null}]}"#),
                data(r#"{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"Preload is "}]},"finish_reason":null}]}"#),
                say::text("stretch.").into(),
            ].into_iter().chain(done())),
            Self::ThirtySecondsOfThoughts => Rule::events(
                thoughts(30, 1.0).into_iter().chain([Part::from(say::text("Answer."))]).chain(done()),
            ),
            Self::AModelThatLoads => Rule::streams(say::NDJSON, [say::ollama("Stretch."), say::ollama_done(9)]).at("/api/chat").after(25.0),
            Self::SmallContext => Rule::streams(say::NDJSON, [say::ollama("Stretch."), say::ollama_done(2048)]).at("/api/chat"),
            Self::AnEarlyEndMark => Rule::events([
                Part::from(say::gemini("First half ", Some("STOP"))),
                Part::Pause(1.5),
                say::gemini("second half.", Some("STOP")).into(),
            ]),
            Self::DoneWithoutAReason => Rule::events([say::text("Preload is the stretch."), say::DONE.to_owned()]),
            Self::StreamIgnored => Rule::says(200, r#"{"id": "c", "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Stretch."}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}"#),
            Self::NothingButALine => Rule::events(say::whole(["\n"])),
            Self::ThinkTags => Rule::events(say::whole([
                "<think>The user asks about pre",
                "load. [1] maybe.</thi",
                "nk>\n\nPreload is stretch.",
            ])),
            Self::HalfAnEmoji => Rule::events([
                data(r#"{"choices":[{"index":0,"delta":{"content":"The heart \ud83e"},"finish_reason":null}]}"#),
                data(r#"{"choices":[{"index":0,"delta":{"content":"\udec0 pumps."},"finish_reason":null}]}"#),
            ].into_iter().chain(done())),
            Self::HalfAnAnswer => Rule::events([say::text("Preload is the stretch of ")]).and_breaks(),
            _ => Rule::events([
                say::gemini("The cranial nerves are: 1 olfactory, 2 optic, ", None).into(),
                data(r#"{"candidates":[{"finishReason":"RECITATION","index":0}],"usageMetadata":{"promptTokenCount":50,"candidatesTokenCount":12}}"#),
            ]),
        }
    }
}

/// So many visible thoughts, so many seconds apart, each with a proxy's comment.
fn thoughts(times: usize, seconds: f64) -> Vec<Part> {
    let one = || {
        [
            Part::from(": OPENROUTER PROCESSING\n\n"),
            data(r#"{"choices":[{"index":0,"delta":{"reasoning_content":"Hm. "},"finish_reason":null}]}"#),
            Part::Pause(seconds),
        ]
    };
    std::iter::repeat_with(one).take(times).flatten().collect()
}

fn data(json: &str) -> Part {
    Part::Text(format!("data: {json}\n\n"))
}

fn whole<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Vec<Rule> {
    vec![Rule::events(say::whole(pieces))]
}
