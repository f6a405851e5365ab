//! What Anthropic, and servers that speak as it does, were seen to do.

use crate::{Case, Part, Rule, say};

/// The rules of a case of theirs.
pub(crate) fn rules(case: Case) -> Option<Vec<Rule>> {
    let refusal = refusal(case);
    match case {
        Case::TemperatureIsDeprecated => {
            Some(vec![refusal?.with("\"temperature\""), Rule::events(say::message(["fine"]))])
        }
        _ => refusal.or_else(|| stream(case)).map(|rule| vec![rule]),
    }
}

/// The error of those that refuse.
fn refusal(case: Case) -> Option<Rule> {
    let message = match case {
        Case::CreditBalanceTooLow => {
            "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or \
             purchase credits."
        }
        Case::OrganizationDisabled => "This organization has been disabled.",
        Case::OutputFiltered => "Output blocked by content filtering policy",
        Case::TemperatureIsDeprecated => "`temperature` is deprecated for this model.",
        Case::RequestNotAllowed => {
            let body = r#"{"error":{"type":"forbidden","message":"Request not allowed"}}"#;
            return Some(Rule::says(403, body));
        }
        _ => return None,
    };
    let error = format!(r#"{{"type":"invalid_request_error","message":"{message}"}}"#);
    Some(Rule::says(400, format!(r#"{{"type":"error","error":{error},"request_id":"req_1"}}"#)))
}

/// The stream of those that begin.
fn stream(case: Case) -> Option<Rule> {
    Some(match case {
        Case::OverloadedHalfWay => half([say::message_error("overloaded_error", "Overloaded")]),
        Case::RefusalHalfWay => half([say::message_end("refusal", 4)]),
        Case::WaitsForATool => half([
            say::block_start(r#"{"type":"tool_use","id":"toolu_1","name":"search","input":{}}"#),
            say::block_delta(r#"{"type":"input_json_delta","partial_json":"{\"q\": 1"}"#),
            say::message_end("tool_use", 4),
        ]),
        Case::NoUsageAtTheEnd => half([
            say::text_delta("the ventricle."),
            say::event("message_delta", r#","delta":{"stop_reason":"end_turn","stop_sequence":null}"#),
            say::event("message_stop", ""),
        ]),
        Case::EventsNobodyKnows => half([
            say::event("hologram", r#","content_block":{"type":"hologram","text":"no"}"#),
            "event: ping\n\n".to_owned(),
            say::block_delta(r#"{"type":"hologram_delta","text":"no"}"#),
            say::text_delta("the ventricle."),
            say::message_end("ran_out_of_holograms", 9),
        ]),
        Case::ThoughtsInBlocks => Rule::events([
            say::message_start(9),
            say::block_start(r#"{"type":"thinking","thinking":"","signature":""}"#),
            say::block_delta(r#"{"type":"thinking_delta","thinking":"The user asks. "}"#),
            say::event("ping", ""),
            say::block_delta(r#"{"type":"signature_delta","signature":"EqQBCgIYAhIM"}"#),
            say::block_start(r#"{"type":"redacted_thinking","data":"EmwKAhgBEgy3"}"#),
            say::text_delta("Preload is stretch."),
            say::message_end("end_turn", 30),
        ]),
        Case::AWellFormedNothing => Rule::events([say::message_start(9), say::message_end("end_turn", 0)]),
        Case::PingsAlone => {
            let pings = std::iter::repeat_n([Part::from(say::event("ping", "")), Part::Pause(0.1)], 600);
            Rule::events([Part::from(say::message_start(9))].into_iter().chain(pings.flatten()))
        }
        _ => return None,
    })
}

/// Half of an answer, and how it goes on.
fn half(rest: impl IntoIterator<Item = String>) -> Rule {
    let begun = [say::message_start(9), say::text_delta("Preload is the stretch of ")];
    Rule::events(begun.into_iter().chain(rest))
}
